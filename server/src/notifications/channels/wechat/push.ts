import { createDecipheriv, createHash } from 'node:crypto'
import { malformed } from '@anju/contract'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { CallbackAnswer, CallbackRequest } from '../../channel.ts'
import { notFrom, sameSecret } from '../callback.ts'

/** How pushes of one account are known to be WeChat's. */
export interface PushKeys {
  readonly appId: string
  readonly token: string
  /** 43 characters; then every push must be encrypted ("safe mode"), which signs what it says, too. */
  readonly encodingAesKey?: string
}
export type Fields = Readonly<Record<string, unknown>>
export type Pushed =
  /** The console asks whether this address is ours. */
  | { readonly is: 'check'; readonly answer: CallbackAnswer }
  | { readonly is: 'message'; readonly fields: Fields; readonly encrypted: boolean }

const text = (body: string): CallbackAnswer => ({ status: 200, contentType: 'text/plain; charset=utf-8', body })
/** Anything else is pushed again, three times in all. */
export const SUCCESS: CallbackAnswer = text('success')

/** SHA-1 over the sorted parts: WeChat's signature of everything it sends. */
export const wechatSignature = (...parts: readonly string[]): string =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

/** @throws DomainError `credentials-wrong` when it is not from WeChat, `request-malformed` when it cannot be read. */
export function readPush(request: CallbackRequest, provider: string, keys: PushKeys): Pushed {
  const query = new URL(request.url).searchParams
  const part = (name: string) => query.get(name) ?? ''
  const signed = [keys.token, part('timestamp'), part('nonce')] as const
  if (!sameSecret(part('signature'), wechatSignature(...signed))) throw notFrom(provider)
  if (request.method === 'GET') {
    if (!query.has('echostr')) throw malformed('echostr', 'missing')
    return { is: 'check', answer: text(part('echostr')) }
  }
  const outer = fieldsOf(request.body.toString('utf8'))
  if (keys.encodingAesKey === undefined) return { is: 'message', fields: outer, encrypted: false }
  const sealed = fieldText(outer, 'Encrypt')
  if (!sameSecret(part('msg_signature'), wechatSignature(...signed, sealed))) throw notFrom(provider)
  return { is: 'message', fields: fieldsOf(unseal(sealed, keys.encodingAesKey, keys.appId)), encrypted: true }
}

// Ids have more digits than a number holds; entities would let a short text grow.
const parser = new XMLParser({ parseTagValue: false, processEntities: false, isArray: (name) => name === 'List' })

function fieldsOf(xml: string): Fields {
  if (XMLValidator.validate(xml) !== true) throw malformed('body', 'not XML')
  const root: unknown = (parser.parse(xml) as Record<string, unknown>)['xml']
  if (typeof root !== 'object' || root === null) throw malformed('body', 'no <xml> with fields')
  return root as Fields
}

export function fieldText(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string' || value === '') throw malformed(name, 'missing')
  return value
}

/** 16 bytes of chance, four of length, the message, the app id, padded to 32 bytes by the padding's own length. */
function unseal(sealed: string, encodingAesKey: string, appId: string): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  let plain: Buffer
  try {
    plain = Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()])
  } catch {
    throw malformed('Encrypt', 'not encrypted with our key')
  }
  const padding = plain.at(-1) ?? 0
  const length = plain.length >= 20 ? plain.readUInt32BE(16) : Number.NaN
  const end = plain.length - padding
  if (!(padding >= 1 && padding <= 32 && 20 + length <= end)) throw malformed('Encrypt', 'not encrypted with our key')
  if (plain.toString('utf8', 20 + length, end) !== appId) throw malformed('Encrypt', 'for another account')
  return plain.toString('utf8', 20, 20 + length)
}
