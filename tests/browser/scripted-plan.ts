import { instant } from '@anju/contract'
import type {
  Agency,
  Alarm,
  Handover,
  PlanDefect,
  PlanStep,
  PlanView,
  StepOutcome,
  TimelineEntry,
} from '@anju/contract/api'
import { begin, follow, type PlanInput, type PlanRun } from '../../server/src/domain/plan-run.ts'
import { planView, stepViews } from '../../server/src/plans/view.ts'

/** A plan of which two steps are required: the real machine follows it, and the rest of the centre is scripted. */
const text = (zh: string, en: string) => ({ 'zh-CN': zh, en })
const STEPS: readonly PlanStep[] = [
  {
    id: 'speak',
    kind: 'speak',
    text: text('与老人通话，确认情况', 'Speak to the resident'),
    required: true,
    completedBy: 'by-hand',
  },
  {
    id: 'first',
    kind: 'call-contact',
    contact: 1,
    text: text('拨打第一联系人电话', 'Call contact 1'),
    required: true,
    completedBy: 'contact-tried',
  },
  {
    id: 'send',
    kind: 'dispatch',
    text: text('派网格员上门', 'Send a grid worker'),
    required: false,
    completedBy: 'dispatch',
  },
  {
    id: 'ambulance',
    kind: 'call-agency',
    agency: 'ambulance',
    text: text('必要时拨打 120', 'Call an ambulance (120) when needed'),
    required: false,
    completedBy: 'hand-over',
  },
  { id: 'close', kind: 'close', text: text('结案', 'Close the alarm'), required: false, completedBy: 'close' },
]
/** Nothing of it is required: what an alarm has at a centre that has written no plans. */
const OPTIONAL = STEPS.map((step) => ({ ...step, required: false }))

export class ScriptedPlans {
  readonly #runs = new Map<string, PlanRun>()
  readonly #handovers = new Map<string, Handover[]>()
  readonly #defects: PlanDefect[] = []
  readonly #acts = new Map<string, TimelineEntry[]>()
  /** From now on alarms have steps that must not be left out. */
  strict = false

  #run(alarm: Alarm): PlanRun {
    const known = this.#runs.get(alarm.id)
    if (known) return known
    const steps = this.strict ? STEPS : OPTIONAL
    const run = begin({
      source: this.strict ? 'home' : 'standard',
      id: this.strict ? '7' : null,
      version: this.strict ? 3 : null,
      steps,
    })
    this.#runs.set(alarm.id, run)
    return run
  }

  view(alarm: Alarm): PlanView {
    return planView(this.#run(alarm), alarm.owner !== null)
  }

  /** What was done to an alarm, oldest first. */
  acts(alarm: Alarm): readonly TimelineEntry[] {
    return this.#acts.get(alarm.id) ?? []
  }

  handovers(alarm: Alarm): Handover[] {
    return this.#handovers.get(alarm.id) ?? []
  }

  get defects(): readonly PlanDefect[] {
    return this.#defects.filter(({ settled }) => settled === null)
  }

  /** Why it was refused, or nothing. */
  told(
    alarm: Alarm,
    command: string,
    rest: readonly string[],
    body: Record<string, unknown>,
    by: string,
  ): { readonly code: string; readonly steps: readonly PlanStep[] } | undefined {
    const input = inputOf(alarm, command, rest, body)
    const at = instant(Date.now())
    const entry = entryOf(alarm, command, rest, body)
    if (entry) this.#acts.set(alarm.id, [...this.acts(alarm), { ...entry, at: new Date(at).toISOString() }])
    if (command === 'agencies') this.#agency(alarm, rest, body, by)
    if (!input) return undefined
    const decision = follow(this.#run(alarm), input, { by, at })
    if ('refused' in decision) return { code: decision.refused, steps: decision.steps }
    this.#runs.set(alarm.id, decision.becomes)
    if (decision.defect)
      this.#defects.push({
        id: String(this.#defects.length + 1),
        alarmId: alarm.id,
        homeId: alarm.homeId,
        homeName: alarm.home.name,
        type: alarm.type,
        source: decision.becomes.plan.source,
        planId: decision.becomes.plan.id,
        planVersion: decision.becomes.plan.version,
        reason: decision.becomes.manual?.reason ?? '',
        at: new Date(at).toISOString(),
        by,
        steps: stepViews(decision.becomes),
        settled: null,
      })
    return undefined
  }

  settle(id: string, note: string): PlanDefect | undefined {
    const index = this.#defects.findIndex((one) => one.id === id)
    const found = this.#defects[index]
    if (!found) return undefined
    const settled = { ...found, settled: { at: new Date().toISOString(), by: '周敏', note } }
    this.#defects[index] = settled
    return settled
  }

  #agency(alarm: Alarm, [id]: readonly string[], body: Record<string, unknown>, by: string): void {
    const known = this.handovers(alarm)
    const words = (key: string) => (typeof body[key] === 'string' ? body[key] : null)
    if (id !== undefined) {
      const answered = (one: Handover): Handover => ({
        ...one,
        caseNumber: words('caseNumber') ?? one.caseNumber,
        outcome: words('outcome') ?? one.outcome,
        onTheWay: one.onTheWay || body['onTheWay'] === true,
      })
      this.#handovers.set(
        alarm.id,
        known.map((one) => (one.id === id ? answered(one) : one)),
      )
      return
    }
    this.#handovers.set(alarm.id, [
      ...known,
      {
        id: String(known.length + 1),
        agency: body['agency'] as Agency,
        at: new Date().toISOString(),
        by,
        text: packetOf(alarm, body),
        onTheWay: body['onTheWay'] === true,
        caseNumber: null,
        outcome: null,
      },
    ])
  }
}

/** What an agency is told, or would be. */
export function packetOf({ home }: Alarm, { note }: Record<string, unknown>): Handover['text'] {
  const said = [home.address, note].filter((one) => typeof one === 'string' && one !== '').join('\n')
  return { 'zh-CN': `地点：${said}`, en: `Where: ${said}` }
}

function inputOf(
  alarm: Alarm,
  command: string,
  [what = '', step = '']: readonly string[],
  body: Record<string, unknown>,
): PlanInput | undefined {
  const words = (key: string) => (typeof body[key] === 'string' ? body[key] : null)
  switch (command) {
    case 'plan':
      return what === 'manual'
        ? { type: 'manual', reason: words('reason') ?? '' }
        : { type: 'step', step, outcome: body['outcome'] as StepOutcome, note: words('note') }
    case 'agencies':
      return what === '' ? { type: 'handed-over', agency: body['agency'] as Agency } : undefined
    case 'contact': {
      const outcome = words('outcome') ?? ''
      const position = ['daughter', 'neighbour', 'worker'].indexOf(words('contactId') ?? '') + 1
      return { type: 'contacted', position, reached: outcome === 'reached', outcome }
    }
    case 'dispatch':
      return { type: 'dispatched' }
    case 'close':
      return { type: 'closing', class: alarm.class }
    case 'undo-close':
      return { type: 'reopened' }
    default:
      return undefined
  }
}

function entryOf(
  alarm: Alarm,
  command: string,
  [what = '', step = '']: readonly string[],
  body: Record<string, unknown>,
): Omit<TimelineEntry, 'at'> | undefined {
  const words = (key: string) => (typeof body[key] === 'string' ? body[key] : null)
  const by = alarm.owner
  switch (command) {
    case 'plan':
      return what === 'manual'
        ? { kind: 'plan-left', by, text: words('reason'), detail: {} }
        : { kind: `step-${body['outcome'] as StepOutcome}`, by, text: words('note'), detail: { step } }
    case 'agencies':
      return what === ''
        ? { kind: 'handed-over', by, text: words('note'), detail: { agency: body['agency'] } }
        : { kind: 'agency-answered', by, text: null, detail: { ...body } }
    case 'contact':
      return { kind: 'contacted', by, text: null, detail: { contact: body['contactId'], outcome: body['outcome'] } }
    case 'close':
      return { kind: 'closed', by, text: words('note'), detail: { ...(body['disposition'] as object) } }
    case 'note':
      return { kind: 'noted', by, text: words('text'), detail: {} }
    default:
      return undefined
  }
}
