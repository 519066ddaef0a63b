import { createHmac } from 'node:crypto'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { type HttpProvider, httpProvider, json, type Told } from './http-provider.ts'

/** Twilio's Messages and Calls (API 2010-04-01), and how it signs what it calls back with. */
export interface FakeTwilio extends HttpProvider {
  readonly created: readonly { readonly what: 'Messages' | 'Calls'; readonly form: URLSearchParams }[]
  refuseNext(code: number, status?: number, headers?: Readonly<Record<string, string>>): void
}
export interface TwilioSettings {
  readonly accountSid: string
  readonly authToken: string
  /** Numbers and services of this account. */
  readonly senders: readonly string[]
  /** Numbers that exist nowhere. */
  readonly unknown?: (number: string) => boolean
  /** What it answers instead, as long as it has its own troubles. */
  readonly trouble?: (what: 'Messages' | 'Calls') => Told | undefined
}

export async function fakeTwilio(settings: TwilioSettings): Promise<FakeTwilio> {
  const created: { what: 'Messages' | 'Calls'; form: URLSearchParams }[] = []
  const refusals: Told[] = []
  const server = await httpProvider((asked) => {
    const path = new RegExp(`^/2010-04-01/Accounts/${settings.accountSid}/(Messages|Calls)\\.json$`).exec(asked.target)
    const what = path?.[1] as 'Messages' | 'Calls' | undefined
    if (!what || asked.method !== 'POST') return refused(20404, 404)
    const login = Buffer.from(`${settings.accountSid}:${settings.authToken}`).toString('base64')
    if (asked.headers.authorization !== `Basic ${login}`) return refused(20003, 401)
    if (!/^application\/x-www-form-urlencoded\b/.test(asked.headers['content-type'] ?? '')) return refused(20001)
    const refusal = refusals.shift() ?? settings.trouble?.(what)
    if (refusal) return refusal
    const form = new URLSearchParams(asked.body.toString('utf8'))
    if (settings.unknown?.(form.get('To') ?? '')) return refused(21211)
    const wrong = what === 'Messages' ? wrongMessage(form, settings) : wrongCall(form, settings)
    if (wrong !== undefined) return refused(wrong)
    created.push({ what, form })
    const sid = (what === 'Messages' ? 'SM' : 'CA') + String(created.length).padStart(32, '0')
    return json({ sid, account_sid: settings.accountSid, status: 'queued', error_code: null }, 201)
  })
  return {
    ...server,
    created,
    refuseNext: (code, status = 400, headers = {}) => void refusals.push({ ...refused(code, status), headers }),
  }
}

/** Its messages quote the number; whoever repeats one tells it. */
const refused = (code: number, status = 400): Told =>
  json({ code, message: `The 'To' number +8613900001111: ${code}`, more_info: `x/${code}`, status }, status)

const E164 = /^\+[1-9]\d{6,14}$/

function wrongMessage(form: URLSearchParams, { senders }: TwilioSettings): number | undefined {
  if (!E164.test(form.get('To') ?? '')) return 21211
  const sender = form.get('MessagingServiceSid') ?? form.get('From')
  if (sender === null) return 21603
  if (!senders.includes(sender)) return 21606
  const body = form.get('Body') ?? ''
  if (body === '') return 21602
  if (body.length > 1_600) return 21617
  return wrongUrl(form.get('StatusCallback')) ? 21609 : undefined
}

function wrongCall(form: URLSearchParams, { senders }: TwilioSettings): number | undefined {
  if (!E164.test(form.get('To') ?? '')) return 21211
  if (!senders.includes(form.get('From') ?? '')) return 21210
  if (wrongUrl(form.get('StatusCallback'))) return 21609
  const twiml = form.get('Twiml') ?? ''
  if (twiml.length > 4_000 || XMLValidator.validate(twiml) !== true) return 21205
  const events = form.getAll('StatusCallbackEvent')
  if (events.some((event) => !['initiated', 'ringing', 'answered', 'completed'].includes(event))) return 21626
  const amd = form.get('MachineDetection')
  return amd !== null && !['Enable', 'DetectMessageEnd'].includes(amd) ? 21263 : undefined
}

const wrongUrl = (url: string | null): boolean => url !== null && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')

/** What a telephone would do with TwiML: what is said, and where a key is sent. */
export function heardOn(twiml: string) {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['Gather', 'Say'].includes(name),
  })
  type Say = { readonly '#text': string; readonly language: string }
  type Gather = {
    readonly action: string
    readonly numDigits: string
    readonly input: string
    readonly Say: readonly Say[]
  }
  const { Response } = parser.parse(twiml) as {
    Response: { Gather?: readonly Gather[]; Say?: readonly Say[]; Hangup?: '' } | ''
  }
  const { Gather: gathers = [], Say = [], Hangup } = Response === '' ? {} : Response
  return { gathers, says: [...gathers.flatMap((gather) => gather.Say), ...Say], hangsUp: Hangup !== undefined }
}

/** Who picks up, in the words of answering machine detection: as soon as it knows (`Enable`), or at the end of a greeting. */
export type PickedUpBy = 'human' | 'machine_start' | 'fax' | 'unknown'

/** One request with which Twilio calls back. */
export interface CalledBack {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}

/**
 * What comes of a call that is picked up, in order, as far as the one who ordered it asked to be told: that it was answered; beside the
 * call who it was (`AsyncAmd`), or with it once that is known; that it is over.
 */
export function pickedUp(sid: string, form: URLSearchParams, by: PickedUpBy): readonly CalledBack[] {
  const of = { CallSid: sid, AccountSid: `AC${'0'.repeat(32)}`, To: form.get('To') ?? '', From: form.get('From') ?? '' }
  const detects = form.get('MachineDetection')
  const who = detects === 'DetectMessageEnd' && by === 'machine_start' ? 'machine_end_beep' : by
  const beside = form.get('AsyncAmd') === 'true'
  const known: Record<string, string> = detects === null || beside ? {} : { AnsweredBy: who }
  const status = (event: 'answered' | 'completed', CallStatus: string): readonly CalledBack[] => {
    const url = addressIn(form, 'StatusCallback')
    // Without a word about it only the end is told.
    const asked = form.has('StatusCallbackEvent') ? form.getAll('StatusCallbackEvent') : ['completed']
    return url !== null && asked.includes(event) ? [{ url, fields: { ...of, CallStatus, ...known } }] : []
  }
  const verdict = addressIn(form, 'AsyncAmdStatusCallback')
  const { CallSid, AccountSid } = of
  const told = { CallSid, AccountSid, AnsweredBy: who, MachineDetectionDuration: '2400' }
  return [
    ...status('answered', 'in-progress'),
    ...(detects !== null && beside && verdict !== null ? [{ url: verdict, fields: told }] : []),
    ...status('completed', 'completed'),
  ]
}

/** What stands behind `#` is for Twilio itself, and not in the request. */
const addressIn = (form: URLSearchParams, name: string): string | null => form.get(name)?.split('#')[0] ?? null

/** "Validating signatures": the whole address, then the sorted fields, name and value, end to end. */
export function signedByTwilio(authToken: string, url: string, fields: Readonly<Record<string, string>>) {
  let signed = url
  for (const name of Object.keys(fields).sort()) signed += name + String(fields[name])
  const signature = createHmac('sha1', authToken).update(Buffer.from(signed, 'utf8')).digest('base64')
  return {
    method: 'POST' as const,
    url,
    headers: { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(fields).toString()),
  }
}
