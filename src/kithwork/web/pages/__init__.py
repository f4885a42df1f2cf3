"""One page a file: what a person does there, its view functions and beside it its template."""
