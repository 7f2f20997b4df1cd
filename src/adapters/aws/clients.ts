import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { IAMClient } from '@aws-sdk/client-iam'
import { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { STSClient } from '@aws-sdk/client-sts'
import type { Clock } from '../../app/ports.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { asRole } from './as-role.ts'

/** Credentials of a role session. */
export type SessionCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string }

/** The SDK clients of the bot. */
export type AwsClients = ReturnType<typeof createClients>

/**
 * Makes the clients. Endpoints, credentials and the region come from wherever the SDK finds them; Identity Center is
 * regional, so its two services are asked in the region of the catalogue, as the role that may be named there. One attempt each: retrying is due work, and
 * the SDK would also retry a policy that is too big (platform: A3).
 */
export function createClients({
  region,
  identityCenter,
  clock,
}: {
  region?: string
  identityCenter?: Catalogue['aws']['identityCenter']
  /** AWS's clock, asked once it was measured. */
  clock?: () => Pick<Clock, 'now'>
}) {
  const agentOptions = { keepAlive: true, maxSockets: 50 }
  // Shared by all clients, as the sessions' clients come and go without being destroyed.
  const agents = { httpAgent: new HttpAgent(agentOptions), httpsAgent: new HttpsAgent(agentOptions) }
  const common = { maxAttempts: 1, requestHandler: { ...agents, connectionTimeout: 2000 } }
  const own = { ...common, ...(region === undefined ? {} : { region }) }
  const sts = new STSClient(own)
  const role = identityCenter?.assumeRole
  const session = role && clock ? asRole(sts, role, { now: () => clock().now() }) : undefined
  const center = {
    ...own,
    ...(identityCenter && { region: identityCenter.region }),
    ...(session && { credentials: session.credentials }),
  }
  const ssoAdmin = new SSOAdminClient(center)
  const identityStore = new IdentitystoreClient(center)
  session?.renewOn(ssoAdmin)
  session?.renewOn(identityStore)
  return {
    sts,
    organizations: new OrganizationsClient(own),
    ssoAdmin,
    identityStore,
    /** A client for one role session; begins with what STS's answers taught about a wrong local clock. */
    iamWith: (credentials: SessionCredentials) =>
      new IAMClient({ ...own, credentials, systemClockOffset: sts.config.systemClockOffset }),
  }
}
