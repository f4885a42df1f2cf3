"""All oracles together: what `@measure` must be matched by, one for one."""

from kithwork.cohort import Policy
from tests.oracles import slow, slow_attributes, slow_structure, slow_support

POLICY = Policy(most_weight=2.5, weak=("outer_circle", "contact"))
MAP_ORACLES = {**slow.MAP_ORACLES, **slow_attributes.MAP_ORACLES, **slow_structure.MAP_ORACLES, **slow_support.MAP_ORACLES}
CHANGE_ORACLES = {**slow.CHANGE_ORACLES}
