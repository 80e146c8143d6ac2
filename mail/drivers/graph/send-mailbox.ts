import type { Connector, GraphAccount } from '../../connector';
import { MailError } from '../../errors';
import { createHttps, type HttpsFetch } from '../net/https';
import { createGraphClient, type GraphClient } from './client';
import { toGateKey } from './gate';

/** The mailbox that a connector sends from, and where drafts are written. */
export interface SendMailbox {
	/** Who errors speak of: the connector's name. */
	readonly name: string;
	readonly account: GraphAccount;
	/** Equal for the same mailbox; see `gateOf`. */
	readonly key: string;
	readonly client: GraphClient;
	/** For upload addresses, which are on another host and get no token. */
	readonly upload: HttpsFetch;
}

/** Opens nothing. Throws `connector.wrongUse` where the connector does not send by Graph. */
export function toSendMailbox({ name, outgoing, tls, proxyUrl, limits }: Connector): SendMailbox {
	if (outgoing?.protocol !== 'graph') {
		throw new MailError('connector.wrongUse', { subject: `${name} does not send by Graph` });
	}
	return {
		name,
		account: outgoing,
		key: toGateKey(outgoing),
		client: createGraphClient(outgoing),
		upload: createHttps({ tls, proxyUrl, timeoutMs: limits.connectionTimeoutMs }),
	};
}
