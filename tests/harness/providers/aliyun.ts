import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '@anju/contract'
import { type Asked, type HttpProvider, httpProvider, json, type Told } from './http-provider.ts'

/**
 * Aliyun's gateway with the products Dysmsapi and Dyvmsapi (2017-05-25) behind it, from "request structure and signature
 * V3", SendSms, IvrCall and SingleCallByTts. Every signature is worked out anew from the bytes that came.
 */
export interface FakeAliyun extends HttpProvider {
  /** What was accepted: the action and its parameters. */
  readonly accepted: readonly { readonly action: string; readonly parameters: Readonly<Record<string, string>> }[]
  /** The next call passes the gateway and is refused by the product. */
  refuseNext(code: string, message?: string): void
}
export interface AliyunSettings {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly clock: Clock
  /** Templates and the variables each needs. */
  readonly templates: Readonly<Record<string, readonly string[]>>
  readonly signName: string
  readonly showNumber: string
}

export async function fakeAliyun(settings: AliyunSettings): Promise<FakeAliyun> {
  const accepted: { action: string; parameters: Record<string, string> }[] = []
  const refusals: Told[] = []
  const nonces = new Set<string>()
  const server = await httpProvider((asked) => {
    const refusal = gateway(asked, settings, nonces) ?? refusals.shift()
    if (refusal) return refusal
    const action = String(asked.headers['x-acs-action'])
    const parameters = Object.fromEntries(new URLSearchParams(asked.target.split('?')[1]))
    const wrong = action === 'SendSms' ? wrongMessage(parameters, settings) : wrongCall(action, parameters, settings)
    if (wrong) return business(wrong)
    accepted.push({ action, parameters })
    const id = `${accepted.length}00161^10000187`
    return json({ Code: 'OK', Message: 'OK', RequestId: 'F655A8D5', [action === 'SendSms' ? 'BizId' : 'CallId']: id })
  })
  return {
    ...server,
    accepted,
    refuseNext: (code, message = code) => void refusals.push(business(code, message)),
  }
}

/** A product's refusal is a 200; only the gateway's are not. */
const business = (code: string, message = code): Told => json({ Code: code, Message: message, RequestId: 'F655A8D5' })
const denied = (code: string, status = 400): Told =>
  json({ Code: code, Message: code, RequestId: 'F655A8D5', HostId: 'x', Recommend: 'x' }, status)

const quarterMs = 900_000

function gateway(asked: Asked, settings: AliyunSettings, nonces: Set<string>): Told | undefined {
  const { headers } = asked
  if (asked.method !== 'POST' || !asked.target.startsWith('/?')) return denied('InvalidAction.NotFound', 404)
  const date = String(headers['x-acs-date'])
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date)) return denied('InvalidTimeStamp.Format')
  if (Math.abs(Date.parse(date) - settings.clock.now()) > quarterMs) return denied('InvalidTimeStamp.Expired')
  const match = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
    headers.authorization ?? '',
  )
  if (!match) return denied('IncompleteSignature')
  const [, keyId, signedHeaders = '', signature] = match
  if (keyId !== settings.accessKeyId) return denied('InvalidAccessKeyId.NotFound', 404)
  for (const name of ['host', ...Object.keys(headers).filter((header) => header.startsWith('x-acs-'))])
    if (!signedHeaders.split(';').includes(name)) return denied('IncompleteSignature')
  if (headers['x-acs-content-sha256'] !== sha256(asked.body)) return denied('InvalidParameter')
  if (signature !== aliyunSignature(asked, signedHeaders, settings.accessKeySecret))
    return denied('SignatureDoesNotMatch')
  const nonce = String(headers['x-acs-signature-nonce'])
  if (nonces.has(nonce)) return denied('SignatureNonceUsed')
  nonces.add(nonce)
  return headers['x-acs-version'] === '2017-05-25' ? undefined : denied('InvalidVersion', 404)
}

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

/** From the documentation's four steps, over what came; nothing of it is shared with the code that signs. */
export function aliyunSignature(
  asked: Pick<Asked, 'method' | 'target' | 'headers' | 'body'>,
  signedHeaders: string,
  secret: string,
): string {
  const [path = '', query = ''] = asked.target.split('?')
  let canonical = `${asked.method}\n${path}\n`
  canonical += query
    .split('&')
    .map((pair) => pair.split('=').map((part) => rfc3986(decodeURIComponent(part))))
    .sort((a, b) => Buffer.compare(Buffer.from(a[0] ?? ''), Buffer.from(b[0] ?? '')))
    .map((pair) => pair.join('='))
    .join('&')
  canonical += '\n'
  for (const name of signedHeaders.split(';')) canonical += `${name}:${String(asked.headers[name]).trim()}\n`
  canonical += `\n${signedHeaders}\n${sha256(asked.body)}`
  return createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex')
}

/** Byte by byte: what is unreserved stays. */
const rfc3986 = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) =>
      /[A-Za-z0-9\-_.~]/.test(String.fromCharCode(byte)) && byte < 128
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')

type Parameters = Readonly<Record<string, string>>

function wrongMessage(given: Parameters, settings: AliyunSettings): string | undefined {
  if (!/^1[3-9]\d{9}$/.test(given['PhoneNumbers'] ?? '')) return 'isv.MOBILE_NUMBER_ILLEGAL'
  if (given['SignName'] !== settings.signName) return 'isv.SMS_SIGNATURE_ILLEGAL'
  if ((given['OutId'] ?? '').length > 256) return 'isv.INVALID_PARAMETERS'
  const needs = settings.templates[given['TemplateCode'] ?? '']
  return needs ? wrongVariables(given['TemplateParam'], needs) : 'isv.SMS_TEMPLATE_ILLEGAL'
}

function wrongCall(action: string, given: Parameters, settings: AliyunSettings): string | undefined {
  if (!/^(?:1[3-9]\d{9}|0\d{9,11})$/.test(given['CalledNumber'] ?? '')) return 'isv.MOBILE_NUMBER_ILLEGAL'
  if (given['CalledShowNumber'] !== settings.showNumber) return 'isv.DISPLAY_NUMBER_ILLEGAL'
  if (!/^[1-3]$/.test(given['PlayTimes'] ?? '1')) return 'isv.INVALID_PARAMETERS'
  // "A string of 1 to 15 bytes" (IvrCall).
  if (Buffer.byteLength(given['OutId'] ?? 'x') > 15) return 'isv.INVALID_PARAMETERS'
  const ivr = action === 'IvrCall'
  if (!ivr && action !== 'SingleCallByTts') return 'InvalidAction.NotFound'
  const needs = settings.templates[given[ivr ? 'StartCode' : 'TtsCode'] ?? '']
  if (!needs) return 'isv.TTS_TEMPLATE_ILLEGAL'
  const keys = Object.keys(given).filter((name) => /^MenuKeyMap\.\d+\.Key$/.test(name))
  if (ivr && keys.length === 0) return 'isv.INVALID_PARAMETERS'
  for (const name of keys)
    if (!settings.templates[given[name.replace(/Key$/, 'Code')] ?? '']) return 'isv.TTS_TEMPLATE_ILLEGAL'
  return wrongVariables(given[ivr ? 'StartTtsParams' : 'TtsParam'], needs)
}

function wrongVariables(given: string | undefined, needs: readonly string[]): string | undefined {
  let variables: Record<string, unknown>
  try {
    variables = JSON.parse(given ?? '{}') as Record<string, unknown>
  } catch {
    return 'isv.INVALID_JSON_PARAM'
  }
  for (const name of needs) {
    const value = variables[name]
    if (value === undefined) return 'isv.TEMPLATE_MISSING_PARAMETERS'
    if (typeof value !== 'string') return 'isv.INVALID_JSON_PARAM'
    if (/https?:|\/\//.test(value)) return 'isv.PARAM_NOT_SUPPORT_URL'
    if (value.length > 35) return 'isv.PARAM_LENGTH_LIMIT'
  }
  return undefined
}
