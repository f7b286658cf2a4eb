// Only types: a client is loaded when it is first used, and none at all with this module.
import type * as IamApi from './iamApi.ts';
import type * as LogsApi from './logsApi.ts';
import type * as S3Api from './s3Api.ts';
import type * as SageMakerApi from './sagemakerApi.ts';
import type * as StsApi from './stsApi.ts';
import { type CallContext, toThrown } from './problems.ts';

export type ServiceId = 'iam' | 'logs' | 's3' | 'sagemaker' | 'sts';

/** Where and as whom to call, as the settings say. */
export interface AwsSettings {
  readonly region: string;
  /** Fixed keys, of the local backend. Without them the SDK's own chain finds some. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Named profile of the shared config; without one the chain decides. */
  readonly profile?: string;
  /** URL by service, or `default` for all others. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Version of the extension, which the services are told with each call. */
  readonly version?: string;
}

/** The commands of a service, and a client to send them with. */
export interface Opened<Api, Client> {
  readonly api: Api;
  readonly client: Client;
}

/** What a call hands on to the SDK. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** For a call whose body may be large: the connection must still move every 30 seconds. */
export const largeBodyTimeout = { requestTimeout: 900_000 };

/**
 * The SDK clients of one place, each made at its first use and with the same credentials. This is the only module
 * that configures clients.
 */
export class Clients {
  readonly #settings: AwsSettings;
  readonly #cache = new Map<ServiceId, Promise<Opened<unknown, { destroy(): void }>>>();
  /** Clients with keys that were refused, until the calls of others on them have ended. */
  readonly #retired: Promise<Opened<unknown, { destroy(): void }>>[] = [];
  #callsUnderWay = 0;
  #credentials: Promise<Credentials> | undefined;

  constructor(settings: AwsSettings) {
    this.#settings = settings;
  }

  get region(): string {
    return this.#settings.region;
  }

  sagemaker(): Promise<Opened<typeof SageMakerApi, SageMakerApi.SageMakerClient>> {
    return this.#open('sagemaker', async (config) => {
      const api = await import('./sagemakerApi.ts');
      return { api, client: new api.SageMakerClient(config) };
    });
  }

  s3(): Promise<Opened<typeof S3Api, S3Api.S3Client>> {
    return this.#open('s3', async (config) => {
      const api = await import('./s3Api.ts');
      // A bucket is a host name only at Amazon: `bucket.127.0.0.1` and `bucket.localhost` lead nowhere.
      const custom = config.endpoint !== undefined;
      const pathStyle = custom ? { forcePathStyle: true, expectContinueHeader: false } : {};
      return { api, client: new api.S3Client({ ...config, ...pathStyle }) };
    });
  }

  logs(): Promise<Opened<typeof LogsApi, LogsApi.CloudWatchLogsClient>> {
    return this.#open('logs', async (config) => {
      const api = await import('./logsApi.ts');
      return { api, client: new api.CloudWatchLogsClient(config) };
    });
  }

  sts(): Promise<Opened<typeof StsApi, StsApi.STSClient>> {
    return this.#open('sts', async (config) => {
      const api = await import('./stsApi.ts');
      return { api, client: new api.STSClient(config) };
    });
  }

  iam(): Promise<Opened<typeof IamApi, IamApi.IAMClient>> {
    return this.#open('iam', async (config) => {
      const api = await import('./iamApi.ts');
      return { api, client: new api.IAMClient(config) };
    });
  }

  /**
   * Runs one call and translates its failure. Keys that the service refuses as expired are forgotten, so that the
   * next call reads the profile's files again: a sign-in elsewhere is enough.
   */
  async call<T>(
    context: CallContext,
    run: (options: SendOptions) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    this.#callsUnderWay++;
    try {
      return await run(signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      const { region, profile } = this.#settings;
      const thrown = toThrown(error, { ...context, region, profile }, signal);
      if ('code' in thrown && (thrown.code === 'expired' || thrown.code === 'notSignedIn'))
        this.#forgetKeys();
      throw thrown;
    } finally {
      this.#callsUnderWay--;
      if (this.#callsUnderWay === 0) this.#destroyRetired();
    }
  }

  /** Ends all connections, also those under way. */
  destroy(): void {
    this.#retired.push(...this.#cache.values());
    this.#cache.clear();
    this.#destroyRetired();
  }

  #destroyRetired(): void {
    for (const opened of this.#retired.splice(0)) {
      // A client that could not be loaded has nothing to end, and its failure was told to who wanted it.
      opened.then(({ client }) => client.destroy()).catch(() => undefined);
    }
  }

  #open<Api, Client extends { destroy(): void }>(
    service: ServiceId,
    make: (config: ClientConfig) => Promise<Opened<Api, Client>>,
  ): Promise<Opened<Api, Client>> {
    const cached = this.#cache.get(service) as Promise<Opened<Api, Client>> | undefined;
    if (cached !== undefined) return cached;
    const opened = this.#config(service).then(make);
    this.#cache.set(service, opened);
    return opened;
  }

  async #config(service: ServiceId): Promise<ClientConfig> {
    const { region, profile, endpoints, version = '0' } = this.#settings;
    const endpoint = endpoints[service] ?? endpoints['default'];
    this.#credentials ??= this.#findCredentials();
    return {
      region,
      credentials: await this.#credentials,
      ...(profile !== undefined && { profile }),
      ...(endpoint !== undefined && { endpoint, disableHostPrefix: true }),
      customUserAgent: [['sagemaker-jobs', version]],
      retryMode: 'standard',
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: 5000,
        requestTimeout: 30_000,
        // Without this the SDK only warns about a request that takes too long.
        throwOnRequestTimeout: true,
        // Counts from the last byte that moved, so that it also ends an answer that stalls half-way.
        socketTimeout: 30_000,
      },
    };
  }

  async #findCredentials(): Promise<Credentials> {
    const { credentials, profile } = this.#settings;
    if (credentials !== undefined) return credentials;
    const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
    // One provider for all clients, so that a role is assumed, and a code is asked for, only once.
    return fromNodeProviderChain({ ignoreCache: true, ...(profile !== undefined && { profile }) });
  }

  #forgetKeys(): void {
    if (this.#settings.credentials !== undefined) return;
    this.#credentials = undefined;
    this.#retired.push(...this.#cache.values());
    this.#cache.clear();
  }
}

type KeyPair = { readonly accessKeyId: string; readonly secretAccessKey: string };
type Credentials = KeyPair | (() => Promise<KeyPair>);

interface ClientConfig {
  readonly region: string;
  readonly credentials: Credentials;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly disableHostPrefix?: boolean;
  readonly customUserAgent: [string, string][];
  readonly retryMode: 'standard';
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
    readonly socketTimeout: number;
  };
}
