import {
  type Clock,
  DomainError,
  LANES,
  type Lane,
  type Millis,
  millis,
  minutes,
  plus,
  type Random,
  seconds,
  seededRandom,
  sleep,
  type Timer,
} from '@anju/contract'
import type { GatewayAnswer } from '@anju/contract/api'
import { seedOf } from '../resident/day.ts'
import { Household } from '../resident/household.ts'
import { Latencies, type LatencySummary } from './latencies.ts'
import { provisionFleet } from './provision.ts'
import { deedsOf, type Scenario, simulatedAt } from './scenarios.ts'
import { type FleetFigures, SimulatedGateway } from './simulated-gateway.ts'

export interface FleetOptions {
  /** `mqtt://host:port` of the server's broker; the one the server names when undefined. */
  readonly server?: string
  /** `http://host:port` of the server, to register the gateways at. */
  readonly http: string
  readonly account: { readonly username: string; readonly password: string }
  readonly homes: number
  readonly seed: number
  /** Simulated minutes in a real one. */
  readonly speed: number
  readonly scenario: Scenario
  readonly duration: Millis
}

export interface FleetReport {
  readonly homes: number
  readonly durationS: number
  readonly sent: Readonly<Record<Lane, number>>
  readonly receipted: Readonly<Record<Lane, number>>
  /** Sent and not receipted when the run was over and what it waited for afterwards was over too. */
  readonly unsettled: number
  readonly refused: Readonly<Record<string, number>>
  readonly resent: number
  readonly health: number
  readonly connects: number
  readonly droppedByCap: number
  readonly latency: Readonly<Record<Lane, LatencySummary>>
}

export const homesMax = 20_000
const connectingAtOnceMax = 50
/** After the last message: what a slow store still has to confirm. */
const settlesWithin = seconds(30)

export const newFigures = (): FleetFigures => ({
  sent: { life: 0, technical: 0, telemetry: 0 },
  receipted: { life: 0, technical: 0, telemetry: 0 },
  refused: {},
  latencies: { life: new Latencies(), technical: new Latencies(), telemetry: new Latencies() },
  health: 0,
  resent: 0,
  connects: 0,
  droppedByCap: 0,
  strayReceipts: 0,
})

/** Connected gateways, one home each, that do nothing yet but say that they are well. */
export async function connectFleet(
  options: Pick<FleetOptions, 'server' | 'seed'>,
  provisioned: readonly GatewayAnswer[],
  parts: { readonly clock: Clock; readonly random: Random; readonly figures: FleetFigures },
): Promise<SimulatedGateway[]> {
  const gateways = provisioned.map(
    ({ id, mqtt }, index) =>
      new SimulatedGateway({
        id,
        ...mqtt,
        url: options.server ?? mqtt.url,
        household: new Household(seedOf(options.seed, index), 'Asia/Shanghai'),
        ...parts,
        random: seededRandom(seedOf(options.seed, 'gateway', index, parts.random.uniform())),
      }),
  )
  try {
    for (let from = 0; from < gateways.length; from += connectingAtOnceMax)
      await Promise.all(gateways.slice(from, from + connectingAtOnceMax).map((gateway) => gateway.connect()))
  } catch (error) {
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    throw error
  }
  return gateways
}

/** Runs a fleet against a server for a while and says what came of it. `signal` ends the run early, with its report. */
export async function runFleet(
  options: FleetOptions,
  {
    clock,
    random,
    log,
    signal,
  }: { clock: Clock; random: Random; log: (message: string) => void; signal?: AbortSignal },
): Promise<FleetReport> {
  if (!Number.isInteger(options.homes) || options.homes < 1 || options.homes > homesMax)
    throw new DomainError('config-malformed', `homes: a whole number from 1 to ${homesMax}, not ${options.homes}`)
  if (!(options.speed >= 1 && options.speed <= 600))
    throw new DomainError('config-malformed', `speed: from 1 to 600, not ${options.speed}`)
  const serials = Array.from({ length: options.homes }, (_, index) => `SIM-${options.seed}-${index}`)
  log(`registering ${options.homes} gateways`)
  const provisioned = await provisionFleet(options.http, options.account, serials)
  const figures = newFigures()
  const gateways = await connectFleet(options, provisioned, { clock, random, figures })
  log(`${gateways.length} gateways are connected; ${options.scenario} for ${options.duration / 1_000} s`)

  const timers = perform(gateways, options, clock)
  await sleep(clock, options.duration, signal)
  for (const timer of timers) timer.cancel()
  const pending = () => gateways.reduce((sum, gateway) => sum + gateway.pending, 0)
  const giveUp = clock.monotonic() + settlesWithin
  const waits = () => pending() > 0 && clock.monotonic() < giveUp && signal?.aborted !== true
  while (waits()) await sleep(clock, millis(50), signal)
  const unsettled = pending()
  await Promise.all(gateways.map((gateway) => gateway.stop()))
  return reportOf(options, figures, unsettled)
}

/** Sets every home going: a telemetry message a simulated minute, spread over the minute, and the scenario's deeds. */
function perform(gateways: readonly SimulatedGateway[], options: FleetOptions, clock: Clock): Timer[] {
  const { speed, duration, scenario, seed } = options
  const end = plus(clock.now(), duration)
  const period = millis(minutes(1) / speed)
  const timers: Timer[] = []
  for (const [index, gateway] of gateways.entries()) {
    const random = seededRandom(seedOf(seed, scenario, index))
    const report = () => gateway.sendTelemetry(simulatedAt(clock.now(), end, speed))
    timers.push(
      clock.after(millis(random.uniform() * period), () => {
        report()
        timers.push(clock.every(period, report))
      }),
    )
    for (const { after, run } of deedsOf(scenario, duration, speed, random))
      timers.push(clock.after(after, () => run(gateway)))
  }
  return timers
}

function reportOf(options: FleetOptions, figures: FleetFigures, unsettled: number): FleetReport {
  const { sent, receipted, refused, resent, health, connects, droppedByCap, latencies } = figures
  const latency = Object.fromEntries(LANES.map((lane) => [lane, latencies[lane].summary()])) as FleetReport['latency']
  return {
    homes: options.homes,
    durationS: options.duration / 1_000,
    sent,
    receipted,
    unsettled,
    refused,
    resent,
    health,
    connects,
    droppedByCap,
    latency,
  }
}
