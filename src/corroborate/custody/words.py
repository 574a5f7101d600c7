"""512 words to read a key's fingerprint aloud by: concrete nouns and colours of 4 to 9 letters, each with four first
letters of its own, and each two letters or more away from every other.

The order is part of the format: a word stands for nine bits. Never change it.
"""

WORDS = tuple(
    """
acorn actor adult agent album alley almond amber anchor angle animal answer anthem apple arrow artist aspen atlas
attic autumn avenue badge bakery bamboo banana banjo barley barrel basket beacon beaver beetle bench birch boat
bottle branch bread bridge bronze bucket bundle butter cabin cactus camel canal candle canvas carbon cargo carpet
carrot castle cedar cellar cement census cereal chair chalk cheese cherry chess chorus cinema circle citrus clay
clinic clock cloud clover coast cobalt coffee comet copper coral corner cotton cousin cradle crane crayon cubic
cycle daisy dancer dawn decade delta desert dinner doctor domino donkey dragon drawer driver drum duck dune eagle
earth easel echo editor eight elbow eleven emerald empire engine equal eraser estate evening exhibit eyebrow
fabric factory falcon family farmer father fence ferry fiber fiddle field fifteen figure filter finger flag
flannel flute forest fossil frame friday frog frost fruit funnel furnace galaxy gallery garden garlic gazelle
geology giant giraffe glacier glass globe gold gondola grain granite grape gravel green guitar gypsum habitat
hammer harbor harvest hazel heart hedge helmet herald hexagon highway hinge history holiday honey horizon horse
hotel hour hundred hurdle husky iceberg idea igloo image inch indigo inkwell insect iris iron island ivory jacket
jaguar january jasmine jersey jewel jigsaw journal judge juice july jungle juniper kayak kennel kettle kidney
kingdom kitchen kite knee knot koala label ladder lagoon lake lamp lantern laptop laundry lawyer leather lecture
lemon leopard letter library lily linen lion lizard lobster locket lotus lumber lunch lyric machine magnet mammal
mango maple marble march market mason meadow medal melon member meteor million mineral mirror mitten monday month
morning mosaic mother motor museum music mustard myth napkin nation nature needle nephew nest nickel nine noodle
north nurse nutmeg oasis oatmeal object ocean october office olive onion opera orange orbit orchard organ origin
osprey otter outline oval oxygen oyster paddle pagoda palace panda panther paper parade parent pasture peach
peanut pebble pelican pencil penguin pepper perfume phone photo piano picnic pigeon pilot pioneer pirate planet
plate plum poem polar pond potato powder prairie prism public pumpkin puppet purple pyramid quail quarter queen
quilt quiver rabbit radar radio railway raven reactor recipe record reef region rescue ribbon rice robin roof rose
royal rubber ruby rudder rumor runner saffron sailor salad salmon sample sandal saturn sauce scarf school science
scooter season second seed senate seven shadow shelf shield shoe shrimp silver sister sixty sketch sleeve slope
snail snow soccer sofa soil sonata soup south spice spider spiral spoon spring square stable star station steel
stone story street student sugar summer sunday surface swan sweater symbol syrup talent teacher temple tennis
theater thirty thread thumb thunder ticket tiger timber tomato torch tower tractor treaty trumpet tuesday tulip
tundra turbine turtle twelve twenty typist uncle uniform urban utensil vacuum vanilla vapor velvet vendor venus
verse veteran victory video village violin virtue vision vitamin volcano volume voyage wagon walnut water wealth
weekend whale wheat wheel whisper willow window winter wolf wonder wood world worm wrist writer yard year yellow
yoga yogurt zebra zero zigzag zinc zipper zodiac
""".split()  # noqa: SIM905
)
