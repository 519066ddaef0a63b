import { malformed } from '@anju/contract'
import type { CallbackAnswer, CallbackRequest } from '../../channel.ts'
import { jsonItems, mustPost, notFrom, sameSecret } from '../callback.ts'

/**
 * What the batch pushes of SMS and voice have in common. Aliyun documents no signature for them, so the address we enter at
 * its console carries a key of our own (`?key=…`), and who does not know it is not Aliyun.
 */
export function pushedItems(
  request: CallbackRequest,
  provider: string,
  key: string,
): readonly Readonly<Record<string, unknown>>[] {
  if (!sameSecret(new URL(request.url).searchParams.get('key') ?? '', key)) throw notFrom(provider)
  mustPost(request)
  return jsonItems(request)
}

/** Anything but 200 is pushed again after 1, 5 and 10 minutes. */
export const RECEIVED: CallbackAnswer = {
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify({ code: 0, msg: 'received' }),
}

/** A field that Aliyun always sends as text. */
export function textOf(item: Readonly<Record<string, unknown>>, name: string, at: number): string {
  const value = item[name]
  if (typeof value !== 'string' || value === '') throw malformed(`[${at}].${name}`, 'not a text')
  return value
}
