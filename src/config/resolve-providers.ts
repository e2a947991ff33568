import { didYouMean, type KnownProvider, providers as known, type ProviderAccess } from '../catalog/index.js'
import { Fault } from '../kit/index.js'
import { type Credential, type CredentialPorts, fromVariables, readSecret, renewable, variableOf } from './credentials.js'
import type { Config } from './schema/config.js'

type ProviderSettings = NonNullable<Config['providers']>[string]

/** A provider that may be reached, or why it may not. */
export type ResolvedProvider = Readonly<Awaited<ReturnType<typeof resolveProvider>>>

/** Where a provider is and with what credential, from the configuration, the table of known ones and the environment. */
export async function resolveProvider(id: string, settings: ProviderSettings, ports: CredentialPorts) {
  const base = known[id]
  const baseURL = (settings.baseURL ?? base?.baseURL)?.replace(/\/+$/, '')
  if (baseURL === undefined)
    throw new Fault('E_CONFIG', `providers.${id}: found no baseURL, expected one, since '${id}' is not a known provider`, {
      param: `providers.${id}.baseURL`,
      hint: didYouMean(id, Object.keys(known)) ?? `Known providers: ${Object.keys(known).join(', ')}.`,
    })
  const vendor = base ?? vendorAt(baseURL)
  const same = vendor !== null && (settings.baseURL === undefined || baseURL === vendor.baseURL)
  const wire = settings.wire ?? base?.wire ?? (same ? vendor.wire : 'openai-chat')
  const auth = settings.auth ?? authOf(settings, base)
  const ask = () => credentialOf(settings, base, ports)
  const credential = auth === 'key' ? await ask() : null
  return {
    access: {
      id,
      wire,
      wires: settings.wires ?? (settings.wire || !same ? [wire] : vendor.wires),
      baseURL,
      headers: headersOf(settings, ports),
      auth,
      ...(typeof settings.apiKey === 'object' ? renewable(credential, ask) : { credential: () => credential?.value ?? null }),
      credentialSource: credential?.source ?? null,
      simulated: false,
    },
    local: base?.local ?? false,
    priceId: settings.pricesOf ? (known[settings.pricesOf]?.priceId ?? settings.pricesOf) : (vendor?.priceId ?? null),
    /** The known provider whose service this is, by id or by host: it determines the service's restrictions and discounts. */
    vendor,
    /** False: its key is missing. */
    usable: auth !== 'key' || credential !== null,
    /** Variables any of which would make it usable. */
    variables: variablesOf(settings, base),
  }
}

/** A second account at a known provider has its own id, but is the same service. Local servers share a host. */
function vendorAt(baseURL: string): KnownProvider | null {
  const { host } = new URL(baseURL)
  return Object.values(known).find((provider) => !provider.local && new URL(provider.baseURL).host === host) ?? null
}

/** Known services need a key; local servers and servers without a configured key do not. */
function authOf(settings: ProviderSettings, base: KnownProvider | undefined): ProviderAccess['auth'] {
  return settings.apiKey !== undefined || (base !== undefined && !base.local) ? 'key' : 'none'
}

async function credentialOf(
  settings: ProviderSettings,
  base: KnownProvider | undefined,
  ports: CredentialPorts,
): Promise<Credential | null> {
  return settings.apiKey === undefined ? fromVariables(base?.env ?? [], ports.env) : readSecret(settings.apiKey, ports)
}

function variablesOf(settings: ProviderSettings, base: KnownProvider | undefined): readonly string[] {
  if (settings.apiKey === undefined) return base?.env ?? []
  const name = variableOf(settings.apiKey)
  return name === null ? [] : [name]
}

function headersOf(settings: ProviderSettings, ports: CredentialPorts): Readonly<Record<string, string>> {
  const entries = Object.entries(settings.headers ?? {}).map(([name, value]) => [
    name,
    value.startsWith('env:') ? (ports.env[value.slice(4)] ?? '') : value,
  ])
  return Object.fromEntries(entries)
}
