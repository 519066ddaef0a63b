import { createHmac } from 'node:crypto'
import type { CallbackRequest } from '../../channel.ts'
import { header, mustPost, notFrom, sameSecret } from '../callback.ts'

/** A form's fields; a name may come several times. */
export type Form = URLSearchParams

/** What `X-Twilio-Signature` holds: the address as we gave it, then every field's name and value, sorted, with nothing between. */
export function twilioSignature(authToken: string, url: string, form: Form): string {
  const names = [...new Set(form.keys())].sort()
  const fields = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value))
  return createHmac('sha1', authToken)
    .update(url + fields.join(''), 'utf8')
    .digest('base64')
}

/**
 * At the end of an address that Twilio calls: by itself it says a thing again only when it could not connect, and once; with this up
 * to five times within fifteen seconds, on a 5xx and whenever else it got no answer, too ("Webhook connection overrides": `rc`, `rp`).
 */
export const SAID_AGAIN = '#rc=5&rp=all'

/** The fields Twilio sent. @throws DomainError `credentials-wrong` when somebody else did. */
export function fromTwilio(request: CallbackRequest, provider: string, authToken: string): Form {
  const form = new URLSearchParams(request.body.toString('utf8'))
  const given = header(request, 'x-twilio-signature') ?? ''
  // What is signed is the address as it is called. Whether what is for Twilio itself belongs to it, its manual does not say.
  const signed = [request.url, request.url + SAID_AGAIN].map((url) => twilioSignature(authToken, url, form))
  if (!signed.some((one) => sameSecret(given, one))) throw notFrom(provider)
  mustPost(request)
  return form
}
