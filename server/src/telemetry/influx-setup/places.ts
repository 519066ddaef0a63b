import { DomainError } from '@anju/contract'

/** The ids of what was found or made so far: whatever is made next is made with them. */
export class Places {
  org: string | undefined
  /** Nobody has set this InfluxDB up yet: the first organisation comes with a first user and our token. */
  fresh = false
  readonly #bucketIds = new Map<string, string>()
  readonly #bucketNames = new Map<string, string>()

  addBucket(name: string, id: string): void {
    this.#bucketIds.set(name, id)
    this.#bucketNames.set(id, name)
  }

  get orgID(): string {
    if (this.org === undefined) throw new DomainError('telemetry-unavailable', 'the organisation is not there')
    return this.org
  }

  bucketIdIfThere = (name: string): string | undefined => this.#bucketIds.get(name)
  bucketId(name: string): string {
    const id = this.#bucketIds.get(name)
    if (id === undefined) throw new DomainError('telemetry-unavailable', `the bucket ${name} is not there`)
    return id
  }

  /** A bucket that is gone leaves its id in the rights of tokens. */
  bucketName = (id: string): string => this.#bucketNames.get(id) ?? `(gone: ${id})`
}
