import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { PROVIDER, vendorsConfig } from '../upstreams/strict/config.js'
import { startVendors, type Vendors } from '../upstreams/strict/start-vendors.js'
import { VENDORS, type VendorName, type VendorPost } from '../upstreams/strict/vendor.js'

/** A real daemon in front of four vendors that hold requests to their own rules. */
export interface World {
  readonly daemon: TestDaemon
  readonly vendors: Vendors
  /** The newest request that a vendor got. */
  last(): VendorPost
  close(): Promise<void>
}

/** One row for each wire format that an upstream can have. */
export const UPSTREAMS = VENDORS.map((vendor) => ({ vendor, model: modelOf(vendor) }))

export function modelOf(vendor: VendorName, name = 'm'): string {
  return `${PROVIDER[vendor]}/${name}`
}

export async function openWorld(config: Readonly<Record<string, unknown>> = {}): Promise<World> {
  const vendors = await startVendors()
  const daemon = await runDaemon({ ...vendorsConfig(vendors.origin), ...config })
  return {
    daemon,
    vendors,
    last() {
      const post = vendors.posts.at(-1)
      if (post === undefined) throw new Error('no vendor was asked')
      return post
    },
    async close() {
      await daemon.end()
      await vendors.close()
    },
  }
}
