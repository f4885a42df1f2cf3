"""Other spellings of a name: one letter off, with an ending of another case or language, or short for it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kithwork.talk.words import stems_of

NEAR_FROM = 5  # letters a name needs for one letter's difference to count
_ENDINGS_TEXT = """
a e i o u y ou em om ov ovi ova owi emu ego ej ie ami ach ich um en ens es ns je tje chen lein ka ko ku in n
"""
_ENDINGS = frozenset(_ENDINGS_TEXT.split())  # folded: ě, ů and ą are e, u and a
_LONGEST_ENDING = max(map(len, _ENDINGS))
_FAMILIAR = ("y", "ie", "ey", "i", "s")
_SHORT_TEXT = """
abigail: abby gail | albert: al bert bertie | alexander: alex sandy sasha xander | alexandra: alex lexi sandra sasha |
alfred: alf fred | amanda: mandy | andrew: drew | anthony: tony | antonia: toni | barbara: babs barb | benjamin: benny |
bridget: biddy | catherine: cathy kate kitty | charles: charlie chas chuck | charlotte: charlie lottie | christina: chris tina |
christine: chris tina | christopher: chris kit topher | david: dave | deborah: deb debbie | dorothy: dolly dot dottie |
edward: eddie ned ted teddy | eleanor: ellie nell nora | elizabeth: beth betty eliza libby lisa liz lizzie | frances: fran frankie |
francis: frank | franz: franzl | frederick: fred | georgina: george gina | gerald: gerry | harold: hal harry | helena: lena nell |
henry: hal harry | isabella: bella izzy | jacqueline: jackie | james: jamie jim jimmy | jennifer: jen | jessica: jess | joanna: jo |
johannes: hannes jo | john: jack johnny | jonathan: jon | josef: sepp | joseph: joe | katharina: kathi kati | katharine: kate |
katherine: kat kate kathy kitty | lawrence: larry | lillian: lily | magdalena: lena leni magda |
margaret: greta madge maggie meg peggy | maria: mia mitzi | mary: molly polly | matthew: matt | melissa: lissa mel |
michael: mick mike mikey | nicholas: klaus nick nico | patricia: pat patsy tricia trish | patrick: paddy pat rick | penelope: penny |
philip: phil pip | rebecca: becca becky | richard: dick rick ricky | robert: bert bob bobby rob | ronald: ron | rosemary: rosie |
samuel: sam | sarah: sadie sally saz | sebastian: basti seb | stephen: steve | steven: steve | susan: sue suzie |
susanne: sanne susi | teresa: terry tess | theodore: ted theo | therese: resi | thomas: tom tommy | timothy: tim |
victoria: tori vicky | walter: walt | wilhelm: willi | william: bill billy liam will
"""
SHORT_FORMS = {name.strip(): frozenset(short.split()) for name, short in (entry.split(":") for entry in _SHORT_TEXT.split("|"))}
"""What somebody of that name is called too, mostly where it is no beginning of the name."""


class Spellings:
    """The single words of a roster, to be met in other spellings; all of them folded."""

    def __init__(self, words: Iterable[str], first_names: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._near = sorted(word for word in self.words if len(word) >= NEAR_FROM)
        self._roots: dict[str, str] = {}
        for word in sorted(self.words):
            root = word[:-1] if word[-1:] in "aeiouy" else word
            if len(root) >= 3:
                self._roots.setdefault(root, word)
        self._firsts = sorted(set(first_names))
        self._short: dict[str, list[str]] = {}
        for name in self._firsts:
            for short in SHORT_FORMS.get(name, ()):
                self._short.setdefault(short, []).append(name)

    def near(self, words: Sequence[str]) -> Iterator[tuple[str, int, str]]:
        """Words one letter from a name, as they stand or without an ending: word, how much of it, name."""
        places: dict[str, list[tuple[str, int]]] = {}
        for word in words:
            for stem, length in stems_of(word):
                if len(stem) >= NEAR_FROM - 1 and stem not in self.words:
                    places.setdefault(stem, []).append((word, length))
        if not places or not self._near:
            return
        spelt = list(places)
        distances = process.cdist(spelt, self._near, scorer=OSA.distance, score_cutoff=1)
        for row, column in zip(*(distances == 1).nonzero(), strict=True):
            for word, length in places[spelt[row]]:
                yield word, length, self._near[column]

    def inflected(self, folded: str) -> str | None:
        """The name of which this is another case, as in Annu or Petrem; None for any other word."""
        for length in range(1, min(_LONGEST_ENDING, len(folded) - 3) + 1):
            if folded[-length:] in _ENDINGS and (name := self._roots.get(folded[:-length])) and name != folded:
                return name
        return None

    def in_full(self, folded: str) -> list[str]:
        """First names that this may be short for: Pete, Kathi, Sammy, Bill."""
        found = list(self._short.get(folded, ()))
        for bare in {folded, *(folded.removesuffix(ending) for ending in _FAMILIAR)}:
            doubled = len(bare) > 3 and bare[-1] == bare[-2]
            for begin in (bare, bare[:-1]) if doubled else (bare,):
                if len(begin) < 3:
                    continue
                at = bisect_left(self._firsts, begin)
                while at < len(self._firsts) and self._firsts[at].startswith(begin):
                    if len(self._firsts[at]) >= len(begin) + 2 and self._firsts[at] not in found:
                        found.append(self._firsts[at])
                    at += 1
        return found
