import { createHash, createHmac } from 'node:crypto'

/** One call of an RPC-style product: its parameters travel in the query, and the body is empty. */
export interface AliyunCall {
  readonly host: string
  readonly action: string
  readonly version: string
  readonly query: Readonly<Record<string, string>>
  /** UTC without fractions: `2023-10-26T10:22:32Z`. */
  readonly date: string
  readonly nonce: string
}
export interface AliyunKey {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
const emptyBodyHash = sha256('')

/** RFC 3986: encodeURIComponent leaves five characters alone that the signature wants encoded. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** The query as it is signed; it must be sent exactly so. */
export const canonicalQuery = (query: AliyunCall['query']): string =>
  Object.entries(query)
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** The headers of a signed POST, by the product-independent scheme `ACS3-HMAC-SHA256` ("request structure and signature V3"). */
export function signedHeaders(call: AliyunCall, key: AliyunKey): Record<string, string> {
  const signed = {
    host: call.host,
    'x-acs-action': call.action,
    'x-acs-content-sha256': emptyBodyHash,
    'x-acs-date': call.date,
    'x-acs-signature-nonce': call.nonce,
    'x-acs-version': call.version,
  }
  const names = Object.keys(signed).join(';')
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['POST', '/', canonicalQuery(call.query), lines.join(''), names, emptyBodyHash].join('\n')
  const signature = createHmac('sha256', key.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex')
  return {
    ...signed,
    authorization: `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},SignedHeaders=${names},Signature=${signature}`,
  }
}
