import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { type HttpProvider, httpProvider, json, type Told } from './http-provider.ts'

/** WeChat's `stable_token`, template and subscribe messages, and how it signs and seals what it pushes. */
export interface FakeWechat extends HttpProvider {
  readonly sent: readonly { readonly path: string; readonly order: Order }[]
  /** How often a token was asked for, and how often by force. */
  readonly tokens: { asked: number; forced: number }
  /** The token in use ends; `stuck`: and is handed out still, until it is asked for by force. */
  endToken(how?: 'stuck'): void
  refuseNext(errcode: number): void
}
export interface Order {
  readonly touser: string
  readonly template_id: string
  readonly client_msg_id?: string
  readonly url?: string
  readonly page?: string
  readonly miniprogram?: { readonly appid: string; readonly pagepath: string }
  readonly miniprogram_state?: string
  readonly lang?: string
  readonly data: Readonly<Record<string, { readonly value: string }>>
}
export interface WechatSettings {
  readonly appId: string
  readonly appSecret: string
  /** Open ids here, and the templates with their fields. */
  readonly people: readonly string[]
  readonly templates: Readonly<Record<string, readonly string[]>>
}

/** Beyond what a number holds exactly: real ids are of this size. */
const firstId = 3_451_239_876_543_210_000n
const PATHS = ['/cgi-bin/message/template/send', '/cgi-bin/message/subscribe/send']

export async function fakeWechat(settings: WechatSettings): Promise<FakeWechat> {
  const sent: { path: string; order: Order }[] = []
  const tokens = { asked: 0, forced: 0 }
  const refusals: Told[] = []
  let serial = 1
  let good = true
  let stuck = false
  const current = () => `TOKEN_${serial}`
  const token = (body: string): Told => {
    const { grant_type, appid, secret, force_refresh } = JSON.parse(body) as Record<string, unknown>
    tokens.asked++
    if (force_refresh === true) tokens.forced++
    if (grant_type !== 'client_credential') return error(40002)
    if (appid !== settings.appId) return error(40013)
    if (secret !== settings.appSecret) return error(40125)
    if (!good && (!stuck || force_refresh === true)) {
      serial++
      good = true
    }
    return json({ access_token: current(), expires_in: 7_200 })
  }
  const server = await httpProvider(({ method, path, query, headers, body }) => {
    if (method !== 'POST' || !/^application\/json\b/.test(headers['content-type'] ?? '')) return error(43002)
    if (path === '/cgi-bin/stable_token') return token(body.toString('utf8'))
    if (!PATHS.includes(path)) return { status: 404 }
    if (query.get('access_token') !== current()) return error(40001)
    if (!good) return error(42001)
    const refusal = refusals.shift()
    if (refusal) return refusal
    const order = JSON.parse(body.toString('utf8')) as Order
    const wrong = wrongOrder(order, settings)
    if (wrong !== undefined) return error(wrong)
    const same = sent.findIndex(
      (one) => order.client_msg_id !== undefined && one.order.client_msg_id === order.client_msg_id,
    )
    if (same === -1) sent.push({ path, order })
    const msgid = firstId + BigInt(same === -1 ? sent.length : same + 1)
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: `{"errcode":0,"errmsg":"ok","msgid":${msgid}}`,
    }
  })
  return {
    ...server,
    sent,
    tokens,
    endToken(how) {
      good = false
      stuck = how === 'stuck'
    },
    refuseNext: (errcode) => void refusals.push(error(errcode)),
  }
}

const error = (errcode: number): Told => json({ errcode, errmsg: `errcode ${errcode} rid: 66` })

const CHARS_MAX: Readonly<Record<string, number>> = { thing: 20, phrase: 5, character_string: 32 }

function wrongOrder({ touser, template_id, data }: Order, settings: WechatSettings): number | undefined {
  if (!settings.people.includes(touser)) return 40003
  const fields = settings.templates[template_id]
  if (!fields) return 40037
  for (const field of fields) {
    const value = data[field]?.value
    if (typeof value !== 'string' || value === '') return 47003
    if (value.length > (CHARS_MAX[field.replace(/\d+$/, '')] ?? 100)) return 47003
    if (field.startsWith('time') && !/^\d\d:\d\d$/.test(value)) return 47003
  }
  return undefined
}

export interface PushSettings {
  readonly appId: string
  readonly token: string
  readonly encodingAesKey?: string
}

const sha1OfSorted = (parts: readonly string[]): string =>
  createHash('sha1')
    .update(
      Array.from(parts)
        .sort((a, b) => (a < b ? -1 : 1))
        .join(''),
    )
    .digest('hex')

/** A push as WeChat makes it; with a key, in safe mode. */
export function pushedByWechat(base: string, settings: PushSettings, xml: string) {
  const [timestamp, nonce] = ['1714036504', '1514711492']
  const url = new URL(base)
  url.searchParams.set('signature', sha1OfSorted([settings.token, timestamp, nonce]))
  url.searchParams.set('timestamp', timestamp)
  url.searchParams.set('nonce', nonce)
  let body = xml
  if (settings.encodingAesKey !== undefined) {
    const sealed = sealedByWechat(xml, settings.encodingAesKey, settings.appId)
    url.searchParams.set('encrypt_type', 'aes')
    url.searchParams.set('msg_signature', sha1OfSorted([settings.token, timestamp, nonce, sealed]))
    body = `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`
  }
  return { method: 'POST' as const, url: url.href, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) }
}

function sealedByWechat(xml: string, encodingAesKey: string, appId: string): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(xml))
  const plain = Buffer.concat([randomBytes(16), length, Buffer.from(xml), Buffer.from(appId)])
  const padding = 32 - (plain.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16))
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(padding, padding)), cipher.final()]).toString(
    'base64',
  )
}
