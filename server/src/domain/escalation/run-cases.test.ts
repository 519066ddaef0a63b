import type { Track, TrackPolicy } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { at, centre, family, longLie, outcome, STATES, said, secondOf, T0, untouched } from './run.fixture.ts'
import { begin, type Facts, foreseen, inForce, type Run, reconcile } from './run.ts'

interface Row {
  readonly what: string
  readonly track: Track
  readonly policy: TrackPolicy
  readonly given: Run
  readonly facts: Partial<Facts>
  readonly becomes: string
  readonly doing: readonly string[]
}
const atOnce = { ...family, startAfterS: 0 }
const firstWave: Run = { at: 'running', round: 0, step: 0, wave: 0, until: at(45) }
const onCall: Run = { at: 'running', round: 0, step: 1, wave: 0, until: at(90) }
const held = { handling: 'claimed' } as const
const differences: readonly Row[] = [
  {
    what: 'what leaves with the alarm leaves, though it is claimed already',
    track: 'family',
    policy: atOnce,
    given: begin(T0, atOnce),
    facts: { now: at(0.2), ...held },
    becomes: 'quiet 1.0.-1',
    doing: ['ask 0.0.0 contact push'],
  },
  {
    what: 'and is not called back by a claim that comes later',
    track: 'family',
    policy: atOnce,
    given: firstWave,
    facts: { now: at(0.3), ...held },
    becomes: 'quiet 1.0.-1',
    doing: [],
  },
  {
    what: 'a close calls back even that',
    track: 'family',
    policy: atOnce,
    given: firstWave,
    facts: { now: at(0.3), handling: 'closed', undoUntil: at(60) },
    becomes: 'ending 1.0.-1 until 60',
    doing: ['withdraw'],
  },
  {
    what: 'given back before the family’s time has come, it waits for that time',
    track: 'family',
    policy: family,
    given: { ...STATES.starting, at: 'quiet', until: null },
    facts: { now: at(10) },
    becomes: 'starting 0.0.-1 until 30',
    doing: [],
  },
  {
    what: 'a test that turns out to be none asks the family as if it had been one from the beginning',
    track: 'family',
    policy: family,
    given: { ...STATES.starting, at: 'quiet', until: null },
    facts: { now: at(31) },
    becomes: 'running 0.0.0 until 76',
    doing: ['ask 0.0.0 contact push'],
  },
  {
    what: 'who declined is not asked again on the next channel',
    track: 'family',
    policy: family,
    given: { ...firstWave, until: at(75) },
    facts: { now: at(40), wave: ['declined'] },
    becomes: 'running 0.1.0 until 100',
    doing: ['ask 0.1.0 responders voice'],
  },
  {
    what: 'who cannot be reached is asked on the next channel at once',
    track: 'family',
    policy: family,
    given: { ...firstWave, until: at(75) },
    facts: { now: at(40), wave: ['negative'] },
    becomes: 'running 0.0.1 until 85',
    doing: ['ask 0.0.1 contact sms'],
  },
  {
    what: 'a family that does not wait for operators goes on',
    track: 'family',
    policy: { ...family, quietWhileHeld: false },
    given: STATES.running,
    facts: { now: at(120), ...held },
    becomes: 'running 0.1.0 until 180',
    doing: ['ask 0.1.0 responders voice'],
  },
  {
    what: 'the centre begins from the beginning when an operator gives it back',
    track: 'centre',
    policy: centre,
    given: { at: 'quiet', round: 1, step: 0, wave: -1, until: null },
    facts: {},
    becomes: 'running 1.0.0 until 280',
    doing: ['ask 1.0.0 queue console'],
  },
  {
    what: 'that is decided when it becomes quiet',
    track: 'centre',
    policy: centre,
    given: onCall,
    facts: held,
    becomes: 'quiet 1.0.-1',
    doing: ['withdraw'],
  },
  {
    what: 'a test goes no further than our own consoles: not to the next centre, and by no telephone',
    track: 'centre',
    policy: centre,
    given: begin(T0, centre),
    facts: { test: true, now: at(0) },
    becomes: 'running 0.0.0 until 30',
    doing: ['ask 0.0.0 queue console'],
  },
  {
    what: 'of a step for others and for us, a test asks us',
    track: 'centre',
    policy: centre,
    given: { ...onCall, step: 0 },
    facts: { test: true, now: at(90) },
    becomes: 'running 0.1.0 until 150',
    doing: ['ask 0.1.0 shift console'],
  },
  {
    what: 'a step for others only is passed over in a test',
    track: 'centre',
    policy: centre,
    given: onCall,
    facts: { test: true, now: at(90) },
    becomes: 'waiting 0.3.0 until 120',
    doing: [],
  },
  {
    what: 'the long-lie clock runs on beside the operator who holds it',
    track: 'long-lie',
    policy: longLie,
    given: begin(T0, longLie),
    facts: { now: at(900), ...held },
    becomes: 'running 0.0.0 until 930',
    doing: ['ask 0.0.0 queue console'],
  },
  {
    what: 'and ends with contact, for everybody it told',
    track: 'long-lie',
    policy: longLie,
    given: onCall,
    facts: { contactMade: true, ...held },
    becomes: 'ended 0.1.0',
    doing: ['withdraw', 'stand-down accepted'],
  },
  {
    what: 'a second look after contact says nothing more',
    track: 'long-lie',
    policy: longLie,
    given: STATES.ended,
    facts: { contactMade: true },
    becomes: 'ended 1.0.-1',
    doing: [],
  },
  {
    what: 'contact ends the long-lie clock only',
    track: 'family',
    policy: family,
    given: STATES.running,
    facts: { now: at(119), contactMade: true },
    becomes: 'running 0.0.1 until 120',
    doing: [],
  },
  {
    what: 'an undone close of an alarm whose long-lie clock had not begun lets it begin in its time',
    track: 'long-lie',
    policy: longLie,
    given: { ...STATES.starting, at: 'ending', until: at(400) },
    facts: { now: at(360), handling: 'in-progress' },
    becomes: 'starting 0.0.-1 until 900',
    doing: [],
  },
  {
    what: 'a look that comes an hour late asks the next wave, and no more',
    track: 'family',
    policy: family,
    given: { ...firstWave, until: at(75) },
    facts: { now: at(3_675) },
    becomes: 'running 0.0.1 until 3720',
    doing: ['ask 0.0.1 contact sms'],
  },
  {
    what: 'the pause between two rounds is over when it would have been, not later for a late look',
    track: 'family',
    policy: family,
    given: STATES['running last'],
    facts: { now: at(250) },
    becomes: 'waiting 0.2.0 until 300',
    doing: [],
  },
  {
    what: 'neither for one that comes late after somebody’s promise is over, where nobody is left to be asked',
    track: 'family',
    policy: { ...family, steps: [] },
    given: { round: 0, step: 1, wave: -1, at: 'quiet', until: at(200) },
    facts: { now: at(250) },
    becomes: 'waiting 0.0.0 until 320',
    doing: [],
  },
  {
    what: 'a look after that pause begins the next round',
    track: 'family',
    policy: family,
    given: STATES['running last'],
    facts: { now: at(3_600) },
    becomes: 'running 1.0.0 until 3645',
    doing: ['ask 1.0.0 contact push'],
  },
]

test.for(differences)('$what', ({ track, policy, given, facts, becomes, doing }) => {
  const all = { ...untouched(given), now: at(250), ...facts }
  const found = reconcile(given, track, inForce(track, policy, all), all)
  expect(outcome(found)).toEqual({ becomes, doing })
})

test.for([
  { run: STATES.starting, next: '30: 0.0.0 contact push' },
  { run: STATES.running, next: '120: 0.1.0 responders voice' },
  { run: STATES['running last'], next: '300: 1.0.0 contact push' }, // over the pause
  { run: STATES.waiting, next: '300: 1.0.0 contact push' },
  { run: STATES['quiet for an operator'], next: null },
  { run: STATES['quiet for who accepted'], next: '500: 0.1.0 responders voice' },
  { run: STATES.ended, next: null },
])('a console counts down from $run.at $run.round.$run.step.$run.wave to $next', ({ run, next }) => {
  const found = foreseen(run, 'family', inForce('family', family, untouched(run)), untouched(run))
  expect(found && `${secondOf(found.at)}: ${said({ do: 'ask', ...found }).slice('ask '.length)}`).toBe(next)
})
