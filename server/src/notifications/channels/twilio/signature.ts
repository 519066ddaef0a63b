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

/** The fields Twilio sent. @throws DomainError `credentials-wrong` when somebody else did. */
export function fromTwilio(request: CallbackRequest, provider: string, authToken: string): Form {
  const form = new URLSearchParams(request.body.toString('utf8'))
  const given = header(request, 'x-twilio-signature') ?? ''
  if (!sameSecret(given, twilioSignature(authToken, request.url, form))) throw notFrom(provider)
  mustPost(request)
  return form
}
