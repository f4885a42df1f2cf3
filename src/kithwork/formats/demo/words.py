"""The words of the demo study: names, remarks and notes. All made up for it; nobody said them."""

PERSON_NAMES = (
    "Aisha", "Alan", "Alice", "Amira", "Anders", "Angela", "Anita", "Anton", "Barbara", "Ben", "Beth", "Bilal", "Bridget", "Callum", "Carla",
    "Carmen", "Charles", "Chidi", "Chloe", "Clare", "Colin", "Connor", "Daisy", "Daniel", "David", "Dawn", "Deborah", "Derek", "Devi", "Diane",
    "Donna", "Doris", "Edith", "Eileen", "Elena", "Ellen", "Emeka", "Emma", "Eric", "Esther", "Ethan", "Faith", "Farah", "Fatima", "Fiona",
    "Frank", "Fred", "Gareth", "Gemma", "George", "Gina", "Gloria", "Grace", "Graham", "Gwen", "Hannah", "Harjit", "Harry", "Hassan", "Hazel",
    "Heather", "Helen", "Ian", "Imran", "Ingrid", "Irene", "Isaac", "Ivy", "Jack", "Jade", "James", "Janet", "Jasmine", "Jean", "Jenny", "Joan",
    "Joe", "Joyce", "Judith", "Julie", "Karen", "Kate", "Keith", "Kelly", "Ken", "Khadija", "Kofi", "Laura", "Leah", "Lee", "Leila", "Len",
    "Lewis", "Linda", "Liu", "Lorna", "Louise", "Lucy", "Maggie", "Malik", "Marcus", "Maria", "Marion", "Martin", "Mary", "Maureen", "Megan",
    "Mei", "Mike", "Milan", "Mo", "Monica", "Nadia", "Naomi", "Neil", "Nina", "Noor", "Norman", "Olive", "Omar", "Oscar", "Pamela", "Pat",
    "Paul", "Pauline", "Peter", "Petra", "Phil", "Priya", "Rachel", "Raj", "Ray", "Rita", "Robert", "Rosa", "Roy", "Ruth", "Sally", "Sam",
    "Samina", "Sandra", "Sean", "Sheila", "Simon", "Sofia", "Stan", "Steph", "Sue", "Sunita", "Tariq", "Tess", "Tom", "Tony", "Usha", "Vera",
    "Vic", "Wanda", "Wendy", "Will", "Winston", "Yasmin", "Yusuf", "Zara", "Zoe",
)  # fmt: skip
PET_NAMES = (
    "Biscuit", "Bramble", "Button", "Chip", "Clover", "Domino", "Echo", "Fern", "Ginger", "Hazelnut", "Jasper", "Kipper", "Luna", "Marmalade",
    "Misty", "Moss", "Nutmeg", "Pepper", "Pickle", "Pip", "Poppy", "Rusty", "Shadow", "Smokey", "Socks", "Tansy", "Tiger", "Toffee", "Willow", "Ziggy",
)  # fmt: skip
SURNAMES = ("Adeyemi", "Barlow", "Chowdhury", "Dunn", "Evans", "Fraser", "Grewal", "Hart", "Iqbal", "Jones", "Khan", "Lowe", "Mistry", "Nolan", "Okafor", "Price")

ROLE_NAMES = {
    "animal_elsewhere": ("The heron", "The city farm goats", "The robin", "Next door's cat", "The park ducks", "The stable ponies"),
    "support_group": ("Tuesday circle", "Hearing voices group", "Mood group", "Men's shed evenings", "Women's group"),
    "club": ("Choir", "Pottery class", "Walking group", "Chess club", "Knitting table", "Photo club"),
    "faith_group": ("The parish", "Friday prayers", "The meeting house", "The temple kitchen"),
    "day_centre": ("The drop-in", "The Lantern", "Open Door"),
    "recovery_college": ("Recovery college",),
    "voluntary_group": ("Food bank crew", "Canal clean-up", "Charity shop team", "Garden volunteers"),
    "care_team": ("The community team", "The crisis team", "The early intervention team"),
    "home": ("My flat", "Home", "The house"),
    "own_room": ("My room", "The back bedroom"),
    "garden": ("The allotment", "The back garden", "The yard with pots"),
    "park": ("Rowan Park", "The rec", "Beech Wood", "Hilltop Green"),
    "water": ("The canal", "The reservoir", "The seafront"),
    "cafe": ("The corner café", "Market café", "The church café"),
    "library": ("The library", "The reading room"),
    "shop": ("The corner shop", "The market", "The record shop"),
    "gym": ("The baths", "The gym"),
    "worship": ("St Anne's", "The mosque", "The chapel"),
    "clinic": ("The clinic", "The day ward", "The health centre"),
    "workplace": ("The workshop", "The office", "The kitchen at work"),
    "route": ("The loop by the river", "The bus route 12", "The morning round"),
    "phone": ("My phone",),
    "computer": ("The laptop", "The tablet"),
    "radio_tv": ("The radio", "The telly"),
    "instrument": ("The guitar", "The record player", "The keyboard"),
    "books": ("My books", "The notebook"),
    "craft_kit": ("The sewing box", "The paints", "The wool basket"),
    "vehicle": ("The bike", "The old car"),
    "keepsake": ("Gran's ring", "The photo on the shelf", "The letters"),
    "medicine": ("The tablets box", "The light lamp"),
    "comfort_object": ("The blue blanket", "The worry stone", "The big armchair"),
    "walking": ("Walking", "Stretching", "Long walks"),
    "music": ("Playing music", "Singing", "Listening to records"),
    "reading": ("Reading", "Writing things down", "Crosswords"),
    "craft": ("Drawing", "Crochet", "Model making"),
    "cooking": ("Baking", "Cooking"),
    "gardening": ("Growing tomatoes", "Gardening"),
    "gaming": ("Board games", "Gaming", "Dominoes"),
    "sport": ("Swimming", "Five-a-side", "Table tennis"),
    "volunteering": ("Volunteering", "Helping at the shop"),
    "work": ("Work", "The part-time job"),
    "study": ("The evening course", "Learning Spanish"),
    "prayer": ("Prayer", "Sitting quietly"),
    "watching": ("Old films", "Watching the football"),
    "collecting": ("Stamps", "Collecting records"),
    "online_group": ("The forum", "The gardeners' board", "The peer chat"),
    "app": ("The sleep app", "The breathing app", "The step counter"),
    "online_game": ("The farm game", "The word game", "Online chess"),
    "channel": ("The history podcast", "The rain sounds channel", "The cooking channel"),
}

SHORT_ROLES = {
    "community_nurse": "Community nurse", "gp": "GP", "shop_worker": "Shop or café person", "peer": "Peer", "peer_worker": "Peer worker",
    "dog_walker": "Dog walker", "animal_elsewhere": "Animal elsewhere", "assistance_animal": "Assistance animal", "therapist": "Therapist",
    "other_kin": "Relative", "water": "Waterside", "route": "Route", "comfort_object": "Comforting thing", "sibling": "Sibling",
}  # fmt: skip

MEANINGS = {
    "kin": (
        "Knows the whole story, so nothing has to be explained.", "Rings on Sundays whatever kind of week it has been.",
        "We do not always see eye to eye, and still the door stays open.", "Keeps an eye out without making a fuss.",
        "Family. It matters even when it is hard going.", "Makes sure there is something in the fridge.",
    ),
    "chosen": (
        "We laugh about the same things.", "Can sit in silence together and that is enough.", "Sends a picture of something daft most mornings.",
        "Was there before all this and still is.", "Asks me along, and does not mind when it is a no.", "I can say how it really is.",
    ),
    "weak": (
        "Says hello by name. It sets the day going.", "Nothing heavy, just the weather and the dog.", "Would notice if I had not been by.",
        "Keeps a parcel, borrows a ladder; it goes both ways.", "No questions asked, which is restful.",
    ),
    "peer": (
        "Has been somewhere similar, so it needs few words.", "We swap what works and what does not.", "Showed me that it can get lighter.",
    ),
    "professional": (
        "Reads the letters through with me.", "Takes time, and remembers what was said.", "Good to know whom to ring.",
        "New in the job; we are still getting to know each other.", "Straight with me about the medicine.",
    ),
    "activity": ("Gives me a job to do and thanks me for it.", "Treats me like anybody else there.", "Shares a lift and a joke."),
    "animal": (
        "Needs feeding at seven, so I am up at seven.", "Never judges.", "Curls up next to me when it is bad.", "Gets me out of the house in all weathers.",
        "Pleased to see me every single time.",
    ),
    "group": ("A reason to put the good coat on.", "You can come as you are.", "Same table, same people, every week.", "I make the tea there; it is my part."),
    "place": (
        "Quiet, and nobody wants anything.", "I can breathe there.", "It stays the same when I do not.", "Warm, light, and people around without having to talk.",
        "I know every bench.",
    ),
    "object": ("It fills the silence.", "Reminds me of better days, and that they were real.", "Keeps my hands busy.", "My line to everyone else.", "It just works."),
    "doing": ("An hour goes by and I have not worried once.", "It gives the week a shape.", "Something I am good at.", "Tired afterwards, in a good way."),
    "digital": ("Open at three in the morning when nobody else is.", "I can dip in and out.", "They know me by another name and that is fine.", "A nudge at the right time."),
}  # fmt: skip

CONDITIONS = {
    "my_health": ("When I am up to it.", "Only while I am fairly well."),
    "their_health": ("As long as their own health allows.", "On their good days."),
    "third_person": ("If the others at home do not mind.", "When somebody else can step in."),
    "time": ("Outside working hours.", "Only on weekdays.", "When the shifts allow."),
    "money": ("When there is money left for the fare.", "While it stays free of charge."),
    "transport": ("If the bus runs.", "When somebody can give a lift."),
    "place": ("Only there, not elsewhere.", "As long as it stays open."),
    "other": ("It varies.", "If the weather holds."),
}

EVENT_NOTES = {
    "asked": ("Asked for a lift to an appointment.", "Asked to talk in the evening.", "Asked for help with a form."),
    "offered": ("Offered to come along.", "Offered a meal without being asked."),
    "accepted": ("Said yes this time, and was glad.", "Let them help with the shopping."),
    "refused": ("Was told it was too much just now.", "No time, they said."),
    "declined": ("Said no; wanted to manage alone.", "Did not feel up to it."),
    "disclosed": ("Told them about the diagnosis.", "Explained why the winter was hard."),
    "hid": ("Said it was a cold.", "Changed the subject."),
    "withdrew": ("Stopped answering for a few weeks.", "Stayed away for a while."),
    "set_boundary": ("Agreed not to ring after ten.", "Said what is all right to ask, and what is not."),
    "substituted": ("Went to the park instead of ringing.", "Turned to the radio that night."),
    "trust_broken": ("Something said in confidence was passed on.", "Did not come when it had been promised."),
    "repaired": ("Talked it through over tea.", "Sent a card; it was answered."),
    "lost": ("No longer there.", "It came to an end."),
    "returned": ("Back in touch after a gap.", "Picked it up again."),
    "felt_stigma": ("Expected to be looked at differently, so did not go.", "Felt it would be held against me."),
    "enacted_stigma": ("Was talked over, as if not in the room.", "Was left out once it was known."),
    "other": ("Moved the meeting to another day of the week.", "They have new hours."),
}

TOPIC_NOTES = {
    "opening": ("A steadier spell than before.", "Up and down; the mornings are hardest.", "Busy, with a move behind them.", "Quiet months, by choice."),
    "the_map": (
        "Began with the nearest circle and took time over it.", "Started from places, then came to people.", "Named most of the map in the first minutes.",
        "Moved two names outwards after some thought.",
    ),
    "trust_talk": (
        "Trust is said to grow from small things kept.", "Trusts being left in peace more than being asked.", "Speaks of trust mainly with places and animals.",
        "Trust was tested in spring and held.",
    ),
    "keeping_up": ("Most of the work is theirs at present.", "Shares the work evenly with one friend.", "Keeping in touch tires, and is missed when it stops."),
    "asking": ("Asks late, and only one person.", "Has learnt whom to ask for what.", "Would rather swap favours than ask.", "Goes to services when others are worn out."),
    "places_things": ("A place that stays the same is worth a great deal.", "Music is named beside people, not after them.", "The walk comes first on a hard day."),
    "new_ties": ("Would like to, and fears being turned away.", "One new tie through an activity.", "Not now; enough to keep up with."),
    "stigma_talk": ("Chooses carefully whom to tell.", "Open at home, silent at work.", "One bad moment at a counter is still present."),
    "crisis": ("Pulls back from most, keeps two lines open.", "Peers are easier than family in a crisis.", "Has agreed with one person what to do."),
    "change": ("More places than last time, fewer people.", "An old tie has come back.", "A service ended and nothing has replaced it.", "Much the same, and glad of it."),
    "wishes": ("Would like to sing again.", "Thinks of a class, if the fare can be met.", "Wants nothing new, more of the same."),
    "closing": ("Was glad to see it drawn.", "Tiring, and worthwhile.", "Asked for a copy of the map."),
}

PICTURE_REMARKS = (
    "Fuller than I thought.", "It is mostly places, and that is right.", "I had forgotten how many there are.", "It looks quiet. I like it quiet.",
    "Strange to see it all at once.", "There is a gap on the left; that is new.",
)  # fmt: skip

INTERVIEW_NOTES = (
    "Relaxed; two short breaks.", "A little tired towards the end.", "Talked freely once the map was on the table.", "Short visit by agreement.",
    "Noise from the street; moved to the kitchen.", "Wanted to place everything in person, pencil in hand.",
)  # fmt: skip

WISHES = (
    ("Sing with others again", "Worried about walking in alone", "Go once with somebody from the group", "Went twice; will go on."),
    ("Get back to swimming", "The cost of the pass", "Ask about the reduced pass", "Has the pass; goes on Mondays."),
    ("See more of the sea", "No car, long bus ride", "Plan one day with a friend", "One good day there."),
    ("Learn to cook properly", "Low confidence in a class", "Try one recipe a week at home", "Cooks twice a week."),
    ("Have a dog to walk", "The lease does not allow one", "Offer to walk a neighbour's dog", "Walks a neighbour's dog most mornings."),
    ("Be in touch with an old friend", "Afraid of no answer", "Send a card", "Card sent; an answer came."),
    ("Do something useful", "Fear of letting people down", "Ask about two hours a week", "Not yet; the wish stands."),
    ("Have a quiet place to read", "Home is crowded", "Try the library on weekday mornings", "Goes there on Tuesdays."),
    ("Play in a band again", "The instrument needs repair", "Ask what the repair costs", "Still too dear; borrowed one instead."),
    ("Find others who have been through it", "Does not like groups", "Look at the online group first", "Reads along, has written once."),
)
