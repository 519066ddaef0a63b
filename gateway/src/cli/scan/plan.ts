import { type Millis, millis, seconds } from '@anju/contract'
import { profiles } from '@anju/device-profiles/registry'
import type { HeardWire, PolledWire, SerialSettings, Wire } from '@anju/device-profiles/wire'
import { type WireName, wires } from '@anju/device-profiles/wires'
import { type LineUrl, parseLineUrl } from '../../serial-line/line-url.ts'
import { type PolledName, type Question, type Search, searches } from './questions.ts'
import { isSame, lineText, settingsToTry } from './settings.ts'

/** A protocol to ask in, with everything there is to ask. */
export interface Asking {
  readonly name: PolledName
  readonly wire: PolledWire
  readonly search: Search
  readonly questions: readonly Question[]
}

/** One opening of the line: how it is set, how long to listen, and what to ask. */
export interface Trial {
  readonly url: LineUrl
  /** Ready for the configuration. */
  readonly line: string
  /** Before anything is asked. */
  readonly listenFirst: Millis
  /** In all, when bytes come or when nobody answered. */
  readonly listenInAll: Millis
  readonly asking: readonly Asking[]
  /** Named by somebody: then it is asked even where it is noisy. */
  readonly isGiven: boolean
  /** What usually speaks by itself where a line is set so. */
  readonly talkers: readonly WireName[]
  /** A receiver hears what hangs on nobody's line: somebody must press and move. */
  readonly receives: boolean
  /** When nobody answers; a device that does takes a little longer. */
  readonly takes: Millis
}

/** Long enough for a radar; what speaks more seldom is waited for where it is usual. */
const listenUsually = seconds(2)
/** A P1 port of an older meter speaks every ten seconds. */
const listenLong = seconds(11)
/** A radar without anybody in its room speaks once a minute. */
const listenThorough = seconds(61)

const isPolled = (wire: Wire): wire is PolledWire => wire.is === 'polled'

/**
 * What to try on this line, in which order. Where the text names no speed, each setting that a device leaves the factory with
 * and that goes with the rest of the text.
 * @throws DomainError `config-malformed`, naming what is wrong with the text.
 */
export function planOf(text: string, { thorough }: { thorough: boolean }): readonly Trial[] {
  const url = parseLineUrl(text, '--line')
  if (url.kind === 'tcp') return [trialOf(url, undefined, thorough, true)]
  const given = new URLSearchParams(text.split('?', 2)[1] ?? '')
  if (given.has('baud')) return [trialOf(url, url, thorough, true)]
  const fits = (settings: SerialSettings): boolean =>
    (!given.has('parity') || settings.parity === url.parity) &&
    (!given.has('databits') || settings.dataBits === url.dataBits)
  return settingsToTry.filter(fits).map((settings) => {
    const stopBits = given.has('stopbits') ? url.stopBits : settings.stopBits
    return trialOf({ ...url, ...settings, stopBits }, settings, thorough, false)
  })
}

function trialOf(url: LineUrl, settings: SerialSettings | undefined, thorough: boolean, given: boolean): Trial {
  const asking = askingAt(settings, thorough, given)
  const talkers = usualAt(settings)
  const listenInAll =
    !thorough && talkers.length === 0 && !given ? listenUsually : thorough ? listenThorough : listenLong
  // Where nobody is asked there is nothing to hurry for.
  const listenFirst = asking.length === 0 ? listenInAll : listenUsually
  const takes = listenInAll + asking.reduce((sum, one) => sum + durationOf(one, settings), 0)
  const receives = settings !== undefined && talkers.some(([, wire]) => wire.senderOf !== undefined)
  const names = talkers.map(([name]) => name)
  return {
    url,
    line: lineText(url),
    listenFirst,
    listenInAll,
    asking,
    isGiven: given,
    talkers: names,
    receives,
    takes: millis(takes),
  }
}

function askingAt(settings: SerialSettings | undefined, thorough: boolean, given: boolean): readonly Asking[] {
  return (Object.keys(searches) as PolledName[]).flatMap((name) => {
    const wire: Wire = wires[name]
    const search: Search = searches[name]
    // Whoever names a speed has seen it on the device: then every protocol is asked that fits into its characters.
    const spoken = !settings || search.spokenAt(given ? { ...settings, ...usual } : settings)
    if (!spoken || !isPolled(wire)) return []
    return [{ name, wire, search, questions: search.questions({ thorough, settings }) }]
  })
}
/** With these every protocol of seven bits, and every one of eight, is spoken. */
const usual = { baud: 9_600, parity: 'even' } as const

/** What speaks by itself where the line is set so. */
function usualAt(settings: SerialSettings | undefined): readonly (readonly [WireName, HeardWire])[] {
  const drivers = profiles
    .filter(({ serial }) => serial && (!settings || isSame(serial, settings)))
    .map(({ driver }) => driver)
  const all = Object.entries<Wire>(wires) as [WireName, Wire][]
  return all.flatMap(([name, wire]) => (wire.is === 'heard' && drivers.includes(name) ? [[name, wire] as const] : []))
}

/** Start bit, eight bits, parity and a stop bit of what is asked, then the wait for an answer that does not come. */
function durationOf({ wire, questions }: Asking, settings: SerialSettings | undefined): number {
  const byteMs = settings ? 11_000 / settings.baud : 0
  return questions.reduce(
    (sum, question) =>
      sum + question.begin().request.byteLength * byteMs + question.answerWithin + wire.timing.turnRound,
    0,
  )
}

/** `7 min`, `40 s` */
export function inWords(length: Millis): string {
  const wholeSeconds = Math.ceil(length / 1_000)
  return wholeSeconds < 100 ? `${wholeSeconds} s` : `${Math.ceil(wholeSeconds / 60)} min`
}
