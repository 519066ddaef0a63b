import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, formatInstant, minutes, plus, type Random, seconds, type Timer } from '@anju/contract'
import { Dlt645Meter, valuesAt } from '../devices/dlt645-meter/meter.ts'
import { FallRadar } from '../devices/fall-radar/radar.ts'
import { Household } from '../resident/household.ts'
import type { LineParts, SimulatedLine } from '../serial-bridge/line.ts'
import { openPtyLine } from '../serial-bridge/pty-line.ts'
import { openTcpLine } from '../serial-bridge/tcp-line.ts'
import type { HomeConfig, LineConfig } from './config.ts'
import { type ControlAnswer, type ControlRequest, controlSocket, serveControl } from './control.ts'
import { Register } from './register.ts'
import { ZigbeeBridge } from './zigbee-bridge.ts'

const keepEvery = seconds(60)
/** The resident gets up by themself after a while; what has to be done about the fall is a person's business. */
const liesFor = seconds(120)
const awayMinutesMax = 24 * 60

export interface RunningHome {
  readonly lines: { readonly meter: string; readonly radar: string }
  /** The same commands as on the control socket. */
  control(request: ControlRequest): Promise<ControlAnswer>
  stop(): Promise<void>
}

/**
 * Brings one home to life: its resident, its meter and radar on their lines, its button behind its zigbee2mqtt.
 * @throws Error when another home lives on the same data, or a line cannot be opened; then nothing is left running.
 */
export async function startHome(
  config: HomeConfig,
  parts: { readonly clock: Clock; readonly random: Random; readonly log: (message: string) => void },
): Promise<RunningHome> {
  mkdirSync(join(config.dataDir, 'run'), { recursive: true })
  mkdirSync(join(config.dataDir, 'home'), { recursive: true })
  const home = Promise.withResolvers<Omit<RunningHome, 'stop'>>()
  home.promise.catch(() => undefined) // thrown below, whether or not somebody has asked
  // First of all, because it is also what tells a second home on the same data that there is one.
  const socket = await serveControl(controlSocket(config.dataDir, 'home'), async (request) =>
    (await home.promise).control(request),
  )
  const stops: (() => Promise<void> | void)[] = [() => socket.stop()]
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne()
  }
  try {
    home.resolve(await liven(config, parts, stops))
    return { ...(await home.promise), stop }
  } catch (error) {
    home.reject(error)
    await stop()
    throw error
  }
}

async function liven(
  config: HomeConfig,
  parts: { readonly clock: Clock; readonly random: Random; readonly log: (message: string) => void },
  stops: (() => Promise<void> | void)[],
): Promise<Omit<RunningHome, 'stop'>> {
  const { clock, log } = parts
  const household = new Household(config.seed, config.timeZone)
  const register = new Register(join(config.dataDir, 'home', 'meter.json'), household, clock.now())
  stops.push(() => register.keep(clock.now()))
  const meter = new Dlt645Meter({
    clock,
    address: config.meter.address,
    timeZone: config.timeZone,
    values: () => valuesAt(household, clock.now(), register.wattMsAt(clock.now()), register.absence),
  })
  const meterLine: SimulatedLine = await openLine(config.meter.line, {
    clock,
    log,
    hear: (bytes) => meter.hear(bytes, (answer) => meterLine.write(answer)),
  })
  stops.push(() => meterLine.stop())
  const radarLine = await openLine(config.radar.line, { clock, log, hear: () => {} })
  stops.push(() => radarLine.stop())
  const radar = new FallRadar({
    clock,
    present: () => household.at(clock.now(), register.absence).room === 'living',
    say: (bytes) => radarLine.write(bytes),
  })
  radar.start()
  const bridge = new ZigbeeBridge(config, parts)
  stops.push(() => bridge.stop())
  register.keep(clock.now())
  const keeping = clock.every(keepEvery, () => register.keep(clock.now()))
  let rising: Timer | undefined

  const rise = () => {
    rising?.cancel()
    radar.setFallen(false)
  }
  const commands: Readonly<Record<string, (request: ControlRequest) => Promise<ControlAnswer> | ControlAnswer>> = {
    async 'press-sos'() {
      const outcome = await bridge.press()
      if (!outcome.acknowledged) return { ok: false, error: `the button was pressed, but ${outcome.why}` }
      const said = `pressed "${config.button.friendlyName}"; the gateway had it on disk after ${outcome.after} ms`
      return { ok: true, said, afterMs: outcome.after }
    },
    fall() {
      if (radar.fallen) return { ok: false, error: 'the resident already lies on the floor; "rise" helps them up' }
      radar.setFallen(true)
      rising = clock.after(liesFor, rise)
      return {
        ok: true,
        said: `the resident fell in the living room; they get up in ${liesFor / 1_000} s, or at "rise"`,
      }
    },
    rise() {
      if (!radar.fallen) return { ok: false, error: 'nobody lies on the floor' }
      rise()
      return { ok: true, said: 'the resident is on their feet again' }
    },
    'stop-meter'() {
      meter.answering = false
      return { ok: true, said: 'the meter answers no more, until "start-meter"' }
    },
    'start-meter'() {
      meter.answering = true
      return { ok: true, said: 'the meter answers again' }
    },
    leave({ minutes: length = 60 }) {
      if (!Number.isFinite(length) || length < 1 || length > awayMinutesMax)
        return { ok: false, error: `minutes: a number from 1 to ${awayMinutesMax}, not ${length}` }
      const now = clock.now()
      const until = plus(now, minutes(length))
      register.setAbsence(now, { from: now, until })
      return { ok: true, said: `the resident is out until ${formatInstant(until)}` }
    },
    return() {
      register.setAbsence(clock.now(), undefined)
      return { ok: true, said: 'the resident is back, and does what the day has for them' }
    },
    status() {
      const now = clock.now()
      const moment = household.at(now, register.absence)
      return {
        ok: true,
        said: `${moment.kind} (${moment.room}), ${moment.watts} W`,
        ...moment,
        connected: bridge.connected,
        meterAnswering: meter.answering,
        meterAnswered: meter.answered,
        kWh: register.wattMsAt(now) / 3.6e9,
        fallen: radar.fallen,
      }
    },
  }
  const control = async (request: ControlRequest): Promise<ControlAnswer> => {
    const command = Object.hasOwn(commands, request.do) ? commands[request.do] : undefined
    if (!command)
      return { ok: false, error: `unknown command "${request.do}"; known: ${Object.keys(commands).join(', ')}` }
    const answer = await command(request)
    if (request.do !== 'status') log(`${request.do}: ${answer.ok ? answer.said : answer.error}`)
    return answer
  }
  stops.push(() => {
    keeping.cancel()
    rising?.cancel()
    radar.stop()
    meter.stop()
  })
  return { lines: { meter: meterLine.url, radar: radarLine.url }, control }
}

function openLine(line: LineConfig, parts: LineParts): Promise<SimulatedLine> {
  return line.kind === 'pty' ? openPtyLine(line, parts) : openTcpLine(line, parts)
}
