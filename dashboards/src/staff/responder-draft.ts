import type { Language, Responder, ResponderAdd, ResponderKind } from '@anju/contract/api'
import { draftsOf, faultFrom, faultsIn, type WayDraft, waysOf } from '../ways/way-draft.ts'
import { atWay, type Fault } from './fault.ts'
import { type HoursDraft, hoursDraftOf, hoursFaults, hoursOf } from './hours-draft.ts'

/** A responder as they stand in the form. */
export interface ResponderDraft {
  readonly name: string
  readonly kind: ResponderKind
  /** The beginning of an administrative code; empty is everywhere. */
  readonly zone: string
  readonly organisation: string
  readonly language: Language
  readonly hours: HoursDraft
  readonly ways: readonly WayDraft[]
}

export const emptyResponder: ResponderDraft = {
  name: '',
  kind: 'staff',
  zone: '',
  organisation: '',
  language: 'zh-CN',
  hours: null,
  ways: [],
}

export const responderDraftOf = (responder: Responder): ResponderDraft => ({
  name: responder.name,
  kind: responder.kind,
  zone: responder.zone,
  organisation: responder.organisation,
  language: responder.language,
  hours: hoursDraftOf(responder.hours),
  ways: draftsOf(responder.ways),
})

/** From the top of the form to its end. */
export function responderFaults({ name, zone, hours, ways }: ResponderDraft): Fault[] {
  return [
    ...(name.trim() === '' ? [{ at: 'name', says: 'staff.name-missing' } as const] : []),
    ...(isZone(zone) ? [] : [{ at: 'zone', says: 'staff.zone-wrong' } as const]),
    ...hoursFaults(hours),
    ...faultsIn(ways).map(atWay),
  ]
}

const isZone = (zone: string): boolean => /^\d{0,12}$/.test(zone.trim())

export const responderBody = ({ name, zone, organisation, hours, ways, kind, language }: ResponderDraft) =>
  ({
    name: name.trim(),
    kind,
    zone: zone.trim(),
    organisation: organisation.trim(),
    language,
    hours: hoursOf(hours),
    ways: waysOf(ways),
  }) satisfies ResponderAdd

export function wayFaultFrom(error: unknown, ways: readonly WayDraft[]): Fault | undefined {
  const fault = faultFrom(error, ways)
  return fault && atWay(fault)
}
