import { formatInstant, instant } from '@anju/contract'

/**
 * The messages of many gateways, built by hand and cheap enough to send tens of thousands a second: each is as
 * `contract/src/envelope.ts` wants it, with an id of its own and a dense seq.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const run = Array.from({ length: 10 }, () => ALPHABET[Math.floor(Math.random() * 32)]).join('')
let minted = 0
/** Unique within this run and, with its random middle, between runs. */
export function cheapUlid(): string {
  let n = ++minted
  let text = ''
  for (let i = 0; i < 8; i++) {
    text = ALPHABET[n % 32] + text
    n = Math.floor(n / 32)
  }
  return `01K4Z0AA${run}${text}`
}

export interface Speaker {
  readonly id: string
  readonly seq: { life: number; telemetry: number }
  /** Presses without a receipt yet, in the order they were made. */
  readonly unsettled: Set<number>
}
export const speaker = (id: string): Speaker => ({ id, seq: { life: 0, telemetry: 0 }, unsettled: new Set() })

export const samplesPerMessage = 10
/** A meter's minute: ten samples of one series, 443 bytes as the contract reckons. */
export function telemetry(from: Speaker): { payload: Buffer; seq: number } {
  const seq = ++from.seq.telemetry
  const now = Date.now()
  const t0 = now - 60_000
  const watts = 60 + (seq % 700)
  const v = `${watts}.1,${watts}.4,${watts},${watts + 1}.7,${watts}.2,${watts}.9,${watts + 2},${watts}.3,${watts}.5,${watts}.8`
  const payload = Buffer.from(
    `{"id":"${cheapUlid()}","boot":1,"seq":${seq},"pendingFrom":${seq},"sentAt":"${formatInstant(instant(now))}","series":[{"p":"meter/active-power","u":"W","t0":${t0},"dt":[0,6000,12000,18000,24000,30000,36000,42000,48000,54000],"v":[${v}]}]}`,
  )
  return { payload, seq }
}

/** A press. Placements take turns, so that a home's presses are several alarms with several occurrences each. */
export const placementsPerHome = 8
export function press(from: Speaker): { payload: Buffer; id: string; seq: number } {
  const seq = ++from.seq.life
  // The truth about what is still on its way: a higher number would have the server look for gaps that are none.
  const [pendingFrom = seq] = from.unsettled.add(seq)
  const id = cheapUlid()
  const at = formatInstant(instant(Date.now()))
  const payload = Buffer.from(
    `{"specversion":"1.0","id":"${id}","type":"anju.sos-pressed","source":"/gateways/${from.id}","subject":"sos-${seq % placementsPerHome}","time":"${at}","data":{"boot":1,"lane":"life","seq":${seq},"pendingFrom":${pendingFrom},"sentAt":"${at}","class":"life","device":"sos-1","heardAt":"${at}","storedAt":"${at}","elapsedMs":3}}`,
  )
  return { payload, id, seq }
}
