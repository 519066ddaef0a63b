import { DomainError } from '@anju/contract'
import { checkOf, SOF } from './framing.ts'

/** What a fall radar says by itself. */
export const REPORTS = { fall: 0x0e02, presence: 0x0f09 } as const

/**
 * A report as the radar sends it, for simulated radars and tests. The gateway sends a radar nothing: a type that sets or
 * resets one (2110, 0E04 …) is not in this list and cannot be built.
 * @throws DomainError `request-malformed`, naming the field.
 */
export function encodeReport(report: {
  readonly id?: number
  readonly report: keyof typeof REPORTS
  readonly value: boolean
}): Uint8Array {
  const id = report.id ?? 0
  if (!Number.isInteger(id) || id < 0 || id > 0xffff)
    throw new DomainError('request-malformed', 'id: not a whole number from 0 to 65535')
  if (!Object.hasOwn(REPORTS, report.report))
    throw new DomainError('request-malformed', 'report: neither fall nor presence')
  const type = REPORTS[report.report]
  const data = Uint8Array.of(report.value ? 1 : 0)
  const header = Uint8Array.of(SOF, id >> 8, id & 0xff, 0, data.length, type >> 8, type & 0xff)
  return Uint8Array.of(...header, checkOf(header), ...data, checkOf(data))
}
