"""Graphs for and of other programs, read and written: GraphML, GEXF through time, Gephi's tables."""
