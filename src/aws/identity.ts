import type { Clients, SendOptions } from './clients.ts';

/** Who the calls are made as. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
}

/** A role that SageMaker may assume. */
export interface ExecutionRole {
  readonly name: string;
  readonly arn: string;
}

/** Who is signed in, and what roles there are. */
export class Identity {
  readonly #clients: Clients;

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  async caller(signal?: AbortSignal): Promise<Caller> {
    const { api, client } = await this.#clients.sts();
    const send = (options: SendOptions) => client.send(new api.GetCallerIdentityCommand({}), options);
    const { Account = '', Arn = '' } = await this.#clients.call(
      { what: 'tell who is signed in' },
      send,
      signal,
    );
    return { accountId: Account, arn: Arn };
  }

  /** The roles whose trust policy lets SageMaker assume them. */
  async executionRoles(signal?: AbortSignal): Promise<readonly ExecutionRole[]> {
    const { api, client } = await this.#clients.iam();
    const list = async (options: SendOptions): Promise<ExecutionRole[]> => {
      const roles: ExecutionRole[] = [];
      for await (const page of api.paginateListRoles({ client }, {}, options)) {
        for (const { RoleName = '', Arn = '', AssumeRolePolicyDocument = '' } of page.Roles ?? []) {
          if (trustsSageMaker(AssumeRolePolicyDocument)) roles.push({ name: RoleName, arn: Arn });
        }
      }
      return roles;
    };
    return this.#clients.call({ what: 'list roles' }, list, signal);
  }
}

/** Whether a trust policy, URL-encoded JSON as IAM sends it, allows SageMaker to assume the role. */
export function trustsSageMaker(policyDocument: string): boolean {
  let policy: unknown;
  try {
    policy = JSON.parse(decodeURIComponent(policyDocument));
  } catch {
    // A document that cannot be read lets nobody in, as far as we can tell.
    return false;
  }
  const { Statement } = policy as { readonly Statement?: unknown };
  return list(Statement).some((statement) => {
    const { Effect, Action, Principal } = (statement ?? {}) as {
      readonly Effect?: unknown;
      readonly Action?: unknown;
      readonly Principal?: { readonly Service?: unknown } | string;
    };
    const services = typeof Principal === 'object' ? list(Principal.Service) : [];
    const actions = list(Action);
    const allows =
      Effect === 'Allow' && actions.some((action) => action === 'sts:AssumeRole' || action === 'sts:*');
    return allows && services.includes('sagemaker.amazonaws.com');
  });
}

/** In policies one item may stand for a list of one. */
function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
