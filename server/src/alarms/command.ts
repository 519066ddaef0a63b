import type { PersonId } from '@anju/contract'
import type { HandlingInput } from '../domain/handling-input.ts'

type PersonInput = Exclude<HandlingInput, { type: 'clock' | 'occurrence' | 'returned' }>
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
/** What a person does with an alarm, as the machine is told it but for who and when. */
export type CommandChecked = Without<PersonInput, 'by' | 'now'>
type OfferChecked = Extract<CommandChecked, { type: 'offer' }>
/** What a person does with an alarm. Who and when are not theirs to say, and a colleague they name by the id alone. */
export type Command = Exclude<CommandChecked, OfferChecked> | (Omit<OfferChecked, 'to'> & { readonly to: PersonId })
