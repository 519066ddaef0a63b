/** Why a cell or a row cannot be taken, in the two languages of the lists; `{}` is what the fault is about. */
const SENTENCES = {
  missing: ['必填', 'must not be empty'],
  'too-long': ['最多 {} 个字符', 'at most {} characters'],
  'too-many': ['最多 {} 项', 'at most {} entries'],
  unprintable: ['含有不可显示的字符', 'holds a character that cannot be printed'],
  undecodable: [
    '有无法识别的字符，请检查文件编码',
    'holds characters that are broken: look at the encoding of the file',
  ],
  formula: ['以“{}”开头，电子表格会把它当作公式运行', 'begins with "{}": a spreadsheet would run it as a formula'],
  shortened: [
    '电子表格把这个数字缩写了，请把该列设为文本',
    'a spreadsheet has shortened this number: make the column text',
  ],
  'no-date': ['不是日期（如 1944-01-31）', 'is no date (such as 1944-01-31)'],
  'not-born-yet': ['出生日期不合理（应在 1900 年至今天之间）', 'is no plausible day of birth (from 1900 to today)'],
  'no-number': ['应为 {} 之间的数字', 'must be a number from {}'],
  'half-a-place': ['纬度和经度要么都填，要么都不填', 'latitude and longitude: both or none'],
  'no-choice': ['只能填 {}', 'must be one of {}'],
  'no-phone': ['不是电话号码', 'is no telephone number'],
  'no-time-zone': ['不是时区（如 Asia/Shanghai）', 'is no time zone (such as Asia/Shanghai)'],
  'no-area-code': ['不是 12 位区划代码（2+2+2+3+3）', 'is no administrative code of 12 digits (2+2+2+3+3)'],
  'area-unknown': ['没有这个区划，请先导入区划', 'there is no such area: import the areas first'],
  'area-ended': ['该区划已变更为 {}', 'this area has become {}'],
  'contact-incomplete': ['联系人要有姓名和电话', 'a contact needs a name and a telephone number'],
  'ref-repeated': ['与第 {} 行重复', 'is the one of line {}, too'],
  'cells-missing': ['少了单元格：{}', 'has too few cells: {}'],
  'cells-extra': ['多了单元格：{}', 'has too many cells: {}'],
  quote: ['引号不成对', 'a quotation mark is not closed, or stands where none may'],
  'line-too-long': ['这一行太长', 'the line is too long'],
} as const
export type FaultCode = keyof typeof SENTENCES
export type ListLanguage = 'zh' | 'en'

export interface Fault {
  readonly fault: FaultCode
  readonly about?: string | number
}
export const fault = (code: FaultCode, about?: string | number): Fault =>
  about === undefined ? { fault: code } : { fault: code, about }

export const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'fault')

export function sentenceOf({ fault: code, about = '' }: Fault, language: ListLanguage): string {
  return SENTENCES[code][language === 'zh' ? 0 : 1].replace('{}', () => String(about))
}
