import type { InfluxDB } from '@influxdata/influxdb-client'
import { BucketsAPI, OrgsAPI, SetupAPI } from '@influxdata/influxdb-client-apis'
import type { Places } from './places.ts'
import { allPages, pageSize, type Shelf } from './shelf.ts'
import type { Settings } from './wanted.ts'

/** The first user of a new InfluxDB. It has no password, so nobody logs in as it until an administrator gives it one. */
const firstUser = 'anju'

export function organisationShelf(influx: InfluxDB, places: Places, settings: Settings, token: string): Shelf {
  const orgs = new OrgsAPI(influx)
  const setup = new SetupAPI(influx)

  /** A token without the right to see organisations still shows whose its buckets are. */
  async function orgOfBuckets(): Promise<string | undefined> {
    const { buckets } = await new BucketsAPI(influx).getBuckets({ name: settings.bucket })
    return buckets?.[0]?.orgID
  }

  return {
    async find() {
      places.fresh = (await setup.getSetup()).allowed === true
      if (places.fresh) return []
      // Not by its name: asked for one that is not there, InfluxDB fails.
      const seen = await allPages(async (offset) => (await orgs.getOrgs({ limit: pageSize, offset })).orgs)
      places.org = seen.length === 0 ? await orgOfBuckets() : seen.find(({ name }) => name === settings.org)?.id
      return places.org === undefined ? [] : [{ kind: 'organisation', name: settings.org, id: places.org, body: {} }]
    },

    async create({ name }) {
      if (!places.fresh) {
        places.org = (await orgs.postOrgs({ body: { name } })).id
        return
      }
      const { org, bucket } = await setup.postSetup({
        body: {
          username: firstUser,
          org: name,
          bucket: settings.bucket,
          retentionPeriodSeconds: settings.rawDays * 86_400,
          token,
        },
      })
      places.org = org?.id
      // InfluxDB makes a first bucket with it; the plan's own step finds it made.
      if (bucket?.id) places.addBucket(bucket.name, bucket.id)
    },

    change: () => Promise.resolve(),
  }
}
