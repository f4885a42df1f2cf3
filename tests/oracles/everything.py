"""All oracles together: what `@measure` must be matched by, one for one."""

from kithwork.cohort import Policy
from tests.oracles import slow, slow_attributes, slow_centrality, slow_change, slow_shape, slow_structure, slow_support

POLICY = Policy(most_weight=2.5, weak=("outer_circle", "contact"))
_MODULES = (slow, slow_attributes, slow_structure, slow_support, slow_centrality, slow_shape)
MAP_ORACLES = {name: oracle for module in _MODULES for name, oracle in module.MAP_ORACLES.items()}
CHANGE_ORACLES = {**slow.CHANGE_ORACLES, **slow_change.CHANGE_ORACLES}
