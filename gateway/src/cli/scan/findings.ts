import { decodeWith } from '@anju/device-profiles/decode-with'
import { type AnyProfile, profiles } from '@anju/device-profiles/registry'
import type { Wire } from '@anju/device-profiles/wire'
import { wireOf, wires } from '@anju/device-profiles/wires'
import type { Sighting } from './ear.ts'
import type { Trial } from './plan.ts'
import type { PolledName } from './questions.ts'
import { isSame } from './settings.ts'
import type { Spoken } from './spoken.ts'

export interface Device {
  readonly sighting: Sighting
  /** Undefined: it is there, and nothing that it said is a reading. */
  readonly spoken: Spoken | undefined
}

/** What one trial brought. */
export interface Findings {
  readonly trial: Trial
  readonly devices: readonly Device[]
  /** Asked who is there, several answered at once. */
  readonly collided: readonly PolledName[]
  /** Without our own echo. */
  readonly bytesHeard: number
  readonly echoed: boolean
  readonly looksLike698: boolean
  /** Answers to questions that we did not ask. */
  readonly otherMaster: boolean
  /** The port's own words, where it could not be opened or went away. */
  readonly refused?: string
}

/** A line of the command's output. */
export interface Found {
  readonly protocol: string
  readonly address?: string
  readonly line: string
  readonly says?: string
  readonly profiles: readonly string[]
}

export function foundOf(trial: Trial, { sighting: { name, address, frame }, spoken }: Device): Found {
  const says = spoken?.says ?? inWords(wires[name], frame)
  return {
    protocol: wires[name].protocol,
    ...(address !== undefined && { address }),
    line: trial.line,
    ...(says !== '' && { says }),
    profiles: candidates(name, trial, spoken?.by).map(({ id }) => id),
  }
}

/** Profiles that speak this protocol: first those that read what was said, then those whose devices are set like this line. */
export function candidates(name: string, { url }: Trial, reads: readonly AnyProfile[] = []): readonly AnyProfile[] {
  const { protocol } = wireOf(name) ?? {}
  const rank = (profile: AnyProfile): number =>
    (reads.includes(profile) ? 0 : 4) +
    (profile.driver === name ? 0 : 2) +
    (profile.serial && url.kind === 'serial' && isSame(profile.serial, url) ? 0 : 1)
  return profiles.filter(({ driver }) => wireOf(driver)?.protocol === protocol).toSorted((a, b) => rank(a) - rank(b))
}

function inWords(wire: Wire, frame: unknown): string {
  const told = decodeWith((given) => wire.words(given), frame)
  return Object.entries(told.ok ? told.value : {})
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([word, value]) => `${word} ${String(value)}`)
    .join(', ')
    .slice(0, 200)
}

/** Things an installer should know although something was found. */
export function warningsIn({ trial, collided, otherMaster, devices, refused }: Findings): readonly string[] {
  return [
    ...(refused === undefined ? [] : [`${trial.line}: ${refused}`]),
    ...collided.map((name) => `${trial.line}: ${collisionOf(name)}`),
    ...(otherMaster && devices.length > 0
      ? [`${trial.line}: somebody else asks on this line, so it was only listened to; end that program to ask yourself`]
      : []),
  ]
}

const collisionOf = (name: PolledName): string =>
  name === 'modbus-rtu' || name === 'mbus'
    ? `several ${name} devices answered at once; --thorough asks every address`
    : `several ${wires[name].protocol} meters answered at once and spoilt each other’s answers: connect them one by one`

/** Why nothing was recognised, in one sentence, by the strongest sign there is. */
export function diagnosisOf(all: readonly Findings[]): string {
  const opened = all.filter(({ refused }) => refused === undefined)
  const [firstRefused] = all.flatMap(({ refused }) => refused ?? [])
  if (opened.length === 0) return `the line could not be opened: ${firstRefused ?? 'nothing was tried'}`
  for (const { trial, collided } of opened) for (const name of collided) return `${trial.line}: ${collisionOf(name)}`
  const newer = opened.find(({ looksLike698 }) => looksLike698)
  if (newer)
    return `${newer.trial.line}: these bytes look like DL/T 698.45, which the newest meters of the State Grid speak and this gateway does not; such a meter often has a second port or a setting for DL/T 645`
  const noisy = opened.filter(({ bytesHeard }) => bytesHeard > 0)
  if (noisy.length > 0) {
    const tried =
      all.length === 1
        ? 'at this setting: check speed and parity'
        : 'at any speed that was tried (where somebody sends all the time nothing is asked, unless --line names the speed)'
    const most = noisy.reduce((a, b) => (b.bytesHeard > a.bytesHeard ? b : a))
    return `bytes came, but no frame ${tried}; most came at ${most.trial.line}; check A and B, and whether the device speaks one of these protocols at all`
  }
  if (opened.some(({ echoed }) => echoed))
    return 'only the echo of our own questions came back: the adapter works, and nobody answers; check A and B and the power of the device'
  return 'nothing was heard: check A and B, the power of the device, and that it is this port'
}
