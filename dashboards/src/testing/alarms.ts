import type { Alarm } from '@anju/contract/api'

/** An alarm for tests: a press in the bathroom that nobody has taken, unless told otherwise. */
export function anAlarm(but: Partial<Alarm> = {}): Alarm {
  return {
    id: '01JGZZZZZZZZZZZZZZZZZZZZZZ',
    version: 1,
    homeId: 'home-1',
    placement: 'bathroom-sos',
    type: 'sos-pressed',
    class: 'life',
    condition: 'active',
    handling: 'new',
    abandoned: false,
    occurrences: 1,
    firstAt: '2026-01-05T02:00:00.000Z',
    lastAt: '2026-01-05T02:00:00.000Z',
    receivedAt: '2026-01-05T02:00:00.200Z',
    late: false,
    lateByS: 0.2,
    owner: null,
    leaseExpiresAt: null,
    offer: null,
    parkedUntil: null,
    test: false,
    disposition: null,
    closedAt: null,
    undoUntil: null,
    ladder: { L0: null, L1: null, L2: null, L3: null, L4: null, L5: null, L6: null },
    home: { name: 'home', residentName: null, residentAge: null, address: '', placementName: '' },
    ...but,
  }
}
