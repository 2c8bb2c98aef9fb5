import type { TextSample } from '../../../../../src/domain/drift/text/sample.js'
import type { RandomSource } from '../../../../../src/domain/stats/random.js'

/** Texts of rows as a column has them: distinct texts and codes. */
export function textSample(rows: readonly (string | undefined)[]): TextSample {
  const texts: string[] = []
  const places = new Map<string, number>()
  const codes = Int32Array.from(rows, (text) => {
    if (text === undefined) return -1
    const known = places.get(text) ?? texts.push(text) - 1
    places.set(text, known)
    return known
  })
  return { texts, codes }
}

type Templates = readonly (readonly string[])[]

const ENGLISH: Templates = [
  ['really', 'sadly', 'again', 'today', 'honestly', 'still', 'maybe', 'luckily'],
  ['the order', 'my parcel', 'the invoice', 'your app', 'the driver', 'our account', 'a colleague'],
  ['arrived late', 'was not charged', 'keeps crashing', 'looks great', 'never came back'],
  ['and I want my money back', 'thank you so much', 'please help', 'since the last release', ''],
]
const GERMAN: Templates = [
  ['leider', 'heute', 'wieder', 'ehrlich gesagt', 'zum Glück'],
  ['ist die Bestellung', 'ist mein Paket', 'ist die Rechnung', 'ist eure App'],
  ['zu spät gekommen', 'nicht angekommen', 'völlig in Ordnung', 'schon wieder kaputt'],
  ['und ich möchte mein Geld zurück', 'vielen Dank', 'bitte helfen Sie mir', ''],
]
const RUSSIAN: Templates = [
  ['сегодня', 'опять', 'к сожалению', 'честно говоря'],
  ['мой заказ', 'ваше приложение', 'эта посылка', 'наш счёт'],
  ['не пришёл вовремя', 'работает хорошо', 'сломалось снова', 'задержали на неделю'],
  ['верните деньги', 'большое спасибо', 'помогите пожалуйста', ''],
]
const JAPANESE: Templates = [
  ['今日', 'また', '残念ながら', '正直に言うと'],
  ['注文が', '荷物が', '請求書が', 'アプリが'],
  ['遅れて届きました', '壊れました', 'とても良いです', '戻ってきませんでした'],
  ['返金してください', 'ありがとうございます', '助けてください', ''],
]
const CHINESE: Templates = [
  ['今天', '又', '很遗憾', '说实话'],
  ['我的订单', '这个包裹', '你们的应用', '发票'],
  ['送得很晚', '已经坏了', '非常好用', '一直没有收到'],
  ['请退款', '谢谢你们', '请帮帮我', ''],
]
const THAI: Templates = [
  ['วันนี้', 'อีกแล้ว', 'น่าเสียดาย'],
  ['คำสั่งซื้อของฉัน', 'พัสดุชิ้นนี้', 'แอปของคุณ'],
  ['มาถึงช้ามาก', 'ใช้งานได้ดี', 'เสียอีกครั้ง'],
  ['ขอเงินคืน', 'ขอบคุณมาก', ''],
]
const ARABIC: Templates = [
  ['اليوم', 'مرة أخرى', 'للأسف'],
  ['وصل الطلب', 'تأخر الطرد', 'تعطل التطبيق'],
  ['بعد الموعد بكثير', 'دون أي سبب واضح', 'كما كان متوقعا'],
  ['أريد استرداد أموالي', 'شكرا جزيلا', ''],
]

export const LANGUAGES = {
  English: ENGLISH,
  German: GERMAN,
  Russian: RUSSIAN,
  Japanese: JAPANESE,
  Chinese: CHINESE,
  Thai: THAI,
  Arabic: ARABIC,
} as const

const UNSPACED = new Set<Templates>([JAPANESE, CHINESE, THAI])

/** A message such as customers write, with a number in most, so that few are the same. */
export function message(random: RandomSource, templates: Templates = ENGLISH): string {
  const parts = templates.map((choices) => choices[random.below(choices.length)] ?? '')
  const text = parts.filter((part) => part !== '').join(UNSPACED.has(templates) ? '' : ' ')
  return random.next() < 0.8 ? `${text} #${random.below(5000)}` : text
}

export function messages(
  count: number,
  random: RandomSource,
  make: (random: RandomSource) => string = message,
): string[] {
  return Array.from({ length: count }, () => make(random))
}
