import { assertNever } from '@anju/contract'
import type { Outgoing } from './channel.ts'

/** What a row of the ledger says, as parameters; the words are found when it is sent. */
export type Content = About &
  /** `way-test`: whether a number or address reaches its owner, and about nobody. */
  (
    | { readonly is: 'alarm' | 'notice' | 'way-test' }
    /** `going`: who has said that they see to it; nobody when the alarm is closed. */
    | { readonly is: 'stand-down'; readonly because: 'accepted' | 'closed'; readonly going: readonly string[] }
    /** They were asked about several homes and answered: about which of these alarms? Its link answers the asking `of`, its own alarm's. */
    | {
        readonly is: 'which'
        readonly asked: readonly { readonly at: string; readonly code: string }[]
        readonly of: string
      }
  )

interface About {
  /** The event's type, without the `anju.` prefix. */
  readonly type: string
  /** HH:MM in the home's own zone. */
  readonly at: string
  /** The last six of the alarm's id: what somebody says on the telephone, to be found by. */
  readonly code: string
  readonly test: boolean
}

export type Language = Outgoing['language']
export type Said = Pick<Outgoing, 'words' | 'facts' | 'event'>

/**
 * A lock screen is read by whoever is near: title, body and facts say neither who it is about nor who goes nor what has happened,
 * only that it matters and when it was. Speech is heard by who answered the telephone: it says what has happened and who goes, and
 * still not to whom.
 */
export function wordsOf(content: Content, language: Language): Said {
  const kind = kindOf(content.type, language)
  const { at, code, test } = content
  return {
    words: (language === 'en' ? english : chinese)(content, kind),
    event: marked(kind, test, language),
    facts: {
      kind: marked(SHOWN_KIND[language], test, language),
      at,
      code: content.is === 'which' ? answersTo(content) : code,
    },
  }
}

const SHOWN_KIND: Readonly<Record<Language, string>> = { 'zh-CN': '居家安全', en: 'home safety' }

type Words = Outgoing['words']
type Which = Extract<Content, { readonly is: 'which' }>
/** What they may write back: also where a template has no more room than for a code. */
const answersTo = ({ asked }: Which): string => asked.map(({ code }) => `1 ${code}`).join(' / ')

function chinese(content: Content, kind: string): Words {
  const { at, code, test } = content
  const mark = (text: string) => marked(text, test, 'zh-CN')
  switch (content.is) {
    case 'alarm':
      if (test)
        return {
          title: '【测试期间】请核实是否真实',
          body: `${at} 测试期间收到报警（编号 ${code}），无人处理：是否真实？请打开查看，并回复您能否核实。`,
          speech: `这里是安居守护中心。${at}，一个家庭在测试期间发出报警：${kind}，无人处理。是否真实？请告诉我们，您能否核实。`,
        }
      return {
        title: mark('居家安全提醒'),
        body: `${at} 有一条需要您尽快回复的提醒（编号 ${code}）。请打开查看，并回复能否前往。`,
        speech: mark(`这里是安居守护中心。${at}，您关心的家庭发出报警：${kind}。请告诉我们，您能否前往。`),
      }
    case 'stand-down': {
      const why = (names: readonly string[]) =>
        content.because === 'closed' ? '此事已处理完毕' : `${namesOf(names, 'zh-CN')}正在前往`
      return {
        title: mark('居家安全提醒：您不必前往'),
        body: `${at} 的提醒（编号 ${code}）：${why([])}，您不必前往。谢谢您。`,
        speech: mark(`这里是安居守护中心。关于 ${at} 的提醒：${why(content.going)}，您不必前往。谢谢您。`),
      }
    }
    case 'notice':
      return {
        title: mark('居家安全通知'),
        body: `${at} 有一条供您了解的通知（编号 ${code}），不需要回复。`,
        speech: mark(`这里是安居守护中心。${at} 有一条通知：${kind}。不需要您做什么。`),
      }
    case 'which': {
      const all = content.asked.map((one) => `${one.at}（编号 ${one.code}）`).join('、')
      const ask = `您的回复指哪一条提醒：${all}？能前往请回复“1 编号”，不能请回复“2 编号”，例如 1 ${code}。链接只用于回复编号 ${code}。`
      return { title: mark('居家安全提醒：请说明是哪一条'), body: ask, speech: mark(`这里是安居守护中心。${ask}`) }
    }
    case 'way-test':
      return {
        title: '居家安全：联系方式测试',
        body: `${at} 这是一条测试消息（编号 ${code}），没有人需要帮助。请打开以确认您能收到。`,
        speech: `这里是安居守护中心。这是一次测试来电，没有人需要帮助。谢谢您的接听。`,
      }
    default:
      return assertNever(content)
  }
}

function english(content: Content, kind: string): Words {
  const { at, code, test } = content
  const mark = (text: string) => marked(text, test, 'en')
  switch (content.is) {
    case 'alarm':
      if (test)
        return {
          title: 'During a test: is it real?',
          body: `${at}: an alarm during a test (ref. ${code}) that nobody has taken. Is it real? Open to view, and say whether you see to it.`,
          speech: `This is the Anju care centre. At ${at} a home raised an alarm during a test: ${kind}. Nobody has taken it. Is it real? Please tell us whether you see to it.`,
        }
      return {
        title: mark('Home safety notice'),
        body: `${at}: a notice needs your answer soon (ref. ${code}). Open to view, and say whether you can go.`,
        speech: mark(
          `This is the Anju care centre. At ${at} a home you care for raised an alarm: ${kind}. Please tell us whether you can go.`,
        ),
      }
    case 'stand-down': {
      const why = (names: readonly string[]) =>
        content.because === 'closed' ? 'it has been dealt with' : `${namesOf(names, 'en')} on the way`
      return {
        title: mark('Home safety notice: you need not go'),
        body: `The notice of ${at} (ref. ${code}): ${why([])}. You need not go. Thank you.`,
        speech: mark(
          `This is the Anju care centre. About the notice of ${at}: ${why(content.going)}. You need not go. Thank you.`,
        ),
      }
    }
    case 'notice':
      return {
        title: mark('Home safety information'),
        body: `${at}: information for you (ref. ${code}). No answer is needed.`,
        speech: mark(
          `This is the Anju care centre. At ${at}, for your information: ${kind}. There is nothing you need to do.`,
        ),
      }
    case 'which': {
      const all = content.asked.map((one) => `${one.at} (ref. ${one.code})`).join(', ')
      const ask = `Which notice did you answer: ${all}? Reply "1 REF" if you can go, "2 REF" if you cannot, like 1 ${code}. The link answers ref. ${code} only.`
      return {
        title: mark('Home safety notice: which one?'),
        body: ask,
        speech: mark(`This is the Anju care centre. ${ask}`),
      }
    }
    case 'way-test':
      return {
        title: 'Home safety: a test message',
        body: `${at}: this is only a test (ref. ${code}); nobody needs help. Open to confirm that it reaches you.`,
        speech: 'This is the Anju care centre with a test call. Nobody needs help. Thank you for answering.',
      }
    default:
      return assertNever(content)
  }
}

/** Whoever gets up in the night for an exercise must have known it from the first word. */
const marked = (text: string, test: boolean, language: Language): string =>
  !test ? text : language === 'en' ? `Exercise: ${text}` : `【演练】${text}`

function namesOf(names: readonly string[], language: Language): string {
  if (language === 'en')
    return names.length === 0 ? 'somebody is' : `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'}`
  return names.length === 0 ? '已有人' : names.join('、')
}

/** A type that a newer gateway sends is still an alarm: it has a word, too. */
const kindOf = (type: string, language: Language): string =>
  (Object.hasOwn(KINDS, type) ? KINDS[type] : UNKNOWN_KIND)?.[language] ?? ''
const UNKNOWN_KIND: Readonly<Record<Language, string>> = { 'zh-CN': '报警', en: 'alarm' }

/** Of every type there is; a test holds it to the contract's list. */
const KINDS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'sos-pressed': { 'zh-CN': '求助按钮', en: 'SOS button' },
  'fall-detected': { 'zh-CN': '跌倒', en: 'fall' },
  'long-lie': { 'zh-CN': '倒地未起', en: 'lying on the floor' },
  'no-activity': { 'zh-CN': '长时间无活动', en: 'no activity' },
  smoke: { 'zh-CN': '烟雾', en: 'smoke' },
  'gas-leak': { 'zh-CN': '燃气泄漏', en: 'gas leak' },
  'carbon-monoxide': { 'zh-CN': '一氧化碳', en: 'carbon monoxide' },
  'water-leak': { 'zh-CN': '漏水', en: 'water leak' },
  'temperature-low': { 'zh-CN': '室温过低', en: 'low temperature' },
  'mains-lost': { 'zh-CN': '停电', en: 'mains lost' },
  'battery-low': { 'zh-CN': '电池电量低', en: 'battery low' },
  tamper: { 'zh-CN': '被拆动', en: 'tamper' },
  'device-silent': { 'zh-CN': '设备无声', en: 'device silent' },
  'device-fault': { 'zh-CN': '设备故障', en: 'device fault' },
  'gateway-silent': { 'zh-CN': '网关无声', en: 'gateway silent' },
  'radio-jammed': { 'zh-CN': '无线受干扰', en: 'radio jammed' },
  'cannot-tell': { 'zh-CN': '无法判断', en: 'cannot tell' },
  'line-down': { 'zh-CN': '线路中断', en: 'line down' },
  'button-stuck': { 'zh-CN': '按钮卡住', en: 'button stuck' },
  chattering: { 'zh-CN': '触点抖动', en: 'chattering contact' },
  'event-refused': { 'zh-CN': '事件被拒收', en: 'event refused' },
  'store-full': { 'zh-CN': '网关存储已满', en: 'gateway storage full' },
  'clock-unsynced': { 'zh-CN': '时钟未校准', en: 'clock not synchronised' },
  'heartbeat-late': { 'zh-CN': '心跳迟到', en: 'heartbeat late' },
  outage: { 'zh-CN': '片区断电或断网', en: 'outage in the area' },
  'escalation-late': { 'zh-CN': '升级延误', en: 'escalation late' },
  'nobody-on-duty': { 'zh-CN': '无人值班', en: 'nobody on duty' },
  test: { 'zh-CN': '测试', en: 'test' },
  'fall-suspected': { 'zh-CN': '疑似跌倒', en: 'fall suspected' },
  'silence-suspected': { 'zh-CN': '疑似无活动', en: 'silence suspected' },
  'mode-changed': { 'zh-CN': '模式改变', en: 'mode changed' },
  'device-restored': { 'zh-CN': '设备恢复', en: 'device restored' },
  'fall-cleared': { 'zh-CN': '跌倒解除', en: 'fall cleared' },
}
