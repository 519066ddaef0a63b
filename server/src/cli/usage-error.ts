import { DomainError } from '@anju/contract'

/** A word too many, or one that is missing: said together with how it is meant. */
export class UsageError extends DomainError {
  constructor(message: string) {
    super('request-malformed', message)
  }
}
