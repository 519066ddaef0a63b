import { profiles } from '@anju/device-profiles/registry'
import type { SerialSettings } from '@anju/device-profiles/wire'
import type { LineUrl } from '../../serial-line/line-url.ts'

/** Speeds and parities that real devices leave the factory with or are often set to, the likeliest first. */
const LIKELY = [
  '2400 8E1',
  '9600 8N1',
  '115200 8N1',
  '9600 8E1',
  '1200 8E1',
  '2400 8N1',
  '256000 8N1',
  '2400 7E1',
  '300 7E1',
  '57600 8N1',
  '38400 8N1',
  '19200 8N1',
  '4800 8E1',
  '4800 8N1',
  '19200 8E1',
  '9600 7E1',
  '300 8E1',
]

/** `2400 8E1` */
export const nameOf = ({ baud, dataBits, parity, stopBits }: SerialSettings): string =>
  `${baud} ${dataBits}${parity.charAt(0).toUpperCase()}${stopBits}`

function settingsOf(name: string): SerialSettings {
  const [, baud = '', dataBits, parity, stopBits] = /^(\d+) ([78])([NEO])([12])$/.exec(name) ?? []
  return {
    baud: Number(baud),
    dataBits: dataBits === '7' ? 7 : 8,
    parity: parity === 'E' ? 'even' : parity === 'O' ? 'odd' : 'none',
    stopBits: stopBits === '2' ? 2 : 1,
  }
}

/** What to try where nothing is known: the likely ones, then whatever else a profile names. */
export const settingsToTry: readonly SerialSettings[] = [
  ...new Set([...LIKELY, ...profiles.flatMap(({ serial }) => (serial ? [nameOf(serial)] : []))]),
].map(settingsOf)

export const isSame = (a: SerialSettings, b: SerialSettings): boolean => nameOf(a) === nameOf(b)

/** As the configuration writes the line; what is as usual is left out. */
export function lineText(url: LineUrl): string {
  if (url.kind === 'tcp') return `tcp://${url.host.includes(':') ? `[${url.host}]` : url.host}:${url.port}`
  const { path, baud, parity, dataBits, stopBits } = url
  const more = `${dataBits === 8 ? '' : `&databits=${dataBits}`}${stopBits === 1 ? '' : `&stopbits=${stopBits}`}`
  return `serial:${path}?baud=${baud}&parity=${parity}${more}`
}
