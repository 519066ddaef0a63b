import { hours, type Instant, minutes, seconds } from '@anju/contract'
import { wallClock } from '@anju/contract/zoned-time'
import { countedAt } from '../consumption.ts'
import type { TalkingDevice } from '../device.ts'
import { registerLines, threePhase } from '../iec62056-meter/registers.ts'

/**
 * A smart meter of the Netherlands (DSMR 5.0.2) with a gas meter behind it. The gas meter counts on; the telegram repeats, with
 * its time, what it said at the last full hour.
 */
export const p1MeterWithGas = (timeZone = 'Europe/Amsterdam'): TalkingDevice => ({
  profile: 'dsmr/p1',
  every: seconds(10),
  truth: (at) => ({ ...electricity(at), 'gas-volume': gasAt(at) }),
  speak(at) {
    const lines = [
      '/ISK5\\2M550T-1012',
      '',
      '1-3:0.2.8(50)',
      `0-0:1.0.0(${stamp(at, timeZone)})`,
      '0-0:96.1.1(4530303434303037333832323436303139)',
      ...registerLines(electricity(at)).map((line) => `1-0:${line}`),
      '0-0:96.14.0(0002)',
      '0-0:96.7.21(00003)',
      '1-0:99.97.0(1)(0-0:96.7.19)(190226161118W)(0000000541*s)',
      '0-0:96.13.0()',
      '0-1:24.1.0(003)',
      '0-1:96.1.0(4730303339303031393336393930363139)',
      `0-1:24.2.1(${stamp(hourOf(at), timeZone)})(${gasAt(at).toFixed(3).padStart(9, '0')}*m3)`,
    ]
    const text = `${lines.join('\r\n')}\r\n!`
    return Uint8Array.from(`${text}${crcOf(text)}\r\n`, (char) => char.charCodeAt(0))
  },
})

/** Tariffs and no total, and neither power factor nor frequency. */
function electricity(at: Instant): Readonly<Record<string, number>> {
  const { 'power-factor': _, frequency: _frequency, 'active-energy': _total, ...values } = threePhase(502, at)
  return values
}

const hourOf = (at: Instant): Instant => (at - (at % hours(1))) as Instant
const gasAt = (at: Instant): number => Math.floor(countedAt(503, 'gas', 2.35, hourOf(at)) * 1_000) / 1_000

/** `YYMMDDhhmmssX` as the clock on the wall shows it, X for winter or summer. */
export function stamp(at: Instant, timeZone: string): string {
  const { date, minute } = wallClock(at, timeZone)
  const second = Math.round(minute * 60)
  const time = [second / 3_600, (second / 60) % 60, second % 60].map((part) => two(Math.floor(part)))
  const offsetMinutes = (Date.parse(`${date}T00:00:00Z`) + second * 1_000 - (at - (at % 1_000))) / minutes(1)
  return `${date.slice(2).replaceAll('-', '')}${time.join('')}${offsetMinutes === 120 ? 'S' : 'W'}`
}

/** CRC-16 with the polynomial A001, over everything from the slash to the exclamation mark. */
function crcOf(text: string): string {
  let crc = 0
  for (const char of text) {
    crc ^= char.charCodeAt(0)
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}

const two = (value: number): string => String(value).padStart(2, '0')
