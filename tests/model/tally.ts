import { ACTS } from './steps.ts'

/** How often each thing came about, so that a run can show it was not all refusals. */
export class Tally {
  readonly counts = new Map<string, number>()
  add(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
  /** What came about too seldom to have been tried. */
  rarerThan(times: number): string[] {
    return EXPECTED.filter((what) => (this.counts.get(what) ?? 0) < times)
  }
}
const EXPECTED: readonly string[] = [
  ...ACTS.map(({ act }) => `${act}: done`),
  'claim: alarm-closed',
  'claim: claimed-by-other',
  'takeover: alarm-closed',
  'renew: lease-stale',
  'close: lease-stale',
  'claim: taken on',
  'an offer was over',
  'decline-offer: transition-refused',
  'offer: lease-stale',
  'undo-close: alarm-not-closed',
  'undo-close: forbidden',
  'undo-close: undo-expired',
  'undo-close: transition-refused',
  ...['new', 'claimed', 'in-progress', 'parked', 'closed'].map((handling) => `ended ${handling}`),
  'stuck',
  'quiet',
  'lost: handled again',
  'lost: for good',
  // What came first of two that were judged at once, and what was then judged again.
  ...['told', 'done', 'worked off'].flatMap((first) => ['told', 'done'].map((second) => `raced: ${first}, ${second}`)),
  'raced: done, worked off',
  'raced: told, worked off',
  'raced: in nobody’s way',
  'raced: refused only then',
  'raced: in line, and too late',
]
