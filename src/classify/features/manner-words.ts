/** Words that reveal what kind of answer is wanted and how the question is phrased. Written by hand. */
export const MANNER_WORDS = {
  arith:
    'each per total altogether left remain remaining spend spent buy bought sell sold cost costs price paid pay earn earns money dollars cents twice half third quarter double triple times more fewer less than many much every week weeks day days hour hours minute minutes month months year years old age miles speed gallons pounds ounces feet inches meters kilometers dozen pair split evenly share shares gives gave give receives received needs need makes made saves average rate percent percentage',
  pop: 'movie film films song songs singer sang album band actor actress played plays show season episode series tv character book novel author wrote written team league nba nfl cup world won champion championship football basketball baseball hockey star stars award oscar released music theme voice first last name named called nickname city country capital river island located founded born died',
  common:
    "people person someone something what would where likely want wanted feel eat food house home door room table street friend friends family dog cat car water drink walk shop store office school child bed kitchen happy person's",
  create:
    'write story poem essay blog post email letter compose draft creative narrative dialogue haiku lyrics slogan advertisement persuasive speech rewrite paraphrase title introduction paragraph paragraphs tone style headline review caption imagine pretend roleplay act persona character',
  explain:
    'explain describe discuss compare contrast analyze analyse evaluate summarize summarise outline elaborate illustrate critique interpret justify advise recommend suggest ideas tips plan strategies strategy pros cons difference differences between overview steps guide',
  extract:
    'extract identify classify label category sentiment json csv table format following text passage article paragraph sentence based according context document given information answer list entities keyword keywords translate translation summary topic relation entailment hypothesis',
  logic:
    'if then suppose assume given must cannot either neither both all some only exactly least most unless whether true false statement statements condition conditions puzzle clue clues houses numbered order arranged next left right behind front taller shorter older younger before after first second third fourth fifth row seat seated',
  numword:
    'one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand million billion half third fourth fifth once twice thrice',
  neg: "not except never least cannot incorrect false no none without nor unlikely inconsistent exclude excluding isn't aren't doesn't don't didn't won't wouldn't",
  func: 'the a an of to in and or is are was were be for on with that this it as by at from',
  pron: 'i me my you your he she his her him they their them we our us',
  cause: 'because since therefore thus hence why cause causes caused effect result results lead leads led due reason reasons',
  super: 'best most main primary primarily largest highest greatest likely major least first correct true closest',
} as const
