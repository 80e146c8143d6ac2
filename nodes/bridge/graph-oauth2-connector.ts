import type * as z from 'zod';
import type { AccessTokens } from '../../mail/access-token';
import type { Connector, GraphAccount } from '../../mail/connector';
import { createTokenTransport } from '../../mail/drivers/graph/token-transport';
import { createHttps } from '../../mail/drivers/net/https';
import { microsoftClouds } from '../../mail/microsoft-cloud';
import { toConnector } from './connector';
import { flag } from './connector-field';
import { type ConnectorProfile, toSendingProfile } from './connector-profile';
import { toCommonData, withGraphAccount } from './graph-connector';
import {
	graphFieldLabels,
	graphSchema,
	parseGraphFields,
	requireGraphField as required,
} from './graph-connector-data';

/** Names that the UI gives to the own fields of `microsoftGraphMailOAuth2Api` beside those of `microsoftGraphMailApi`. */
export const graphOAuth2FieldLabels = {
	...graphFieldLabels,
	sharedMailbox: 'Shared Mailbox',
} as const;

/** Who signs in, and where, is n8n's matter. */
const schema = graphSchema
	.pick({ useFor: true, mailbox: true, cloud: true, graphHost: true })
	.extend({ sharedMailbox: flag(false) });

/**
 * Reads the decrypted data of a `microsoftGraphMailOAuth2Api` credential. Opens no connection. Throws MailError
 * `settings.invalid` that names the field as the UI does.
 *
 * @param tokens of the account that is connected
 * @param name what the user calls it; default: the primary address
 */
export function toGraphOAuth2Connector(
	data: unknown,
	tokens: AccessTokens,
	name?: string,
): Connector {
	const fields = parse(data);
	const address = required('mailbox', fields.mailbox);
	const connector = toConnector(toCommonData(data, fields), name);
	const { limits, proxyUrl, tls } = connector;
	const network = { tls, proxyUrl, timeoutMs: limits.connectionTimeoutMs };
	const account: GraphAccount = {
		protocol: 'graph',
		origin: `https://${toGraphHost(fields)}`,
		// Microsoft knows a user by a name that need not be the address, but "/me" in any case.
		...(fields.sharedMailbox ? { mailbox: address } : { ownAddress: address }),
		signInKey: tokens.key,
		transport: createTokenTransport(tokens, createHttps(network)),
	};
	return withGraphAccount(connector, account, fields.useFor);
}

/** See `toSendingProfile`. */
export function toGraphOAuth2Profile(data: unknown, name?: string): ConnectorProfile {
	const fields = parse(data);
	return toSendingProfile({ ...toCommonData(data, fields), useFor: fields.useFor }, name);
}

function parse(data: unknown): z.infer<typeof schema> {
	return parseGraphFields(schema, graphOAuth2FieldLabels, data);
}

function toGraphHost({ cloud, graphHost }: z.infer<typeof schema>): string {
	return cloud === 'other' ? required('graphHost', graphHost) : microsoftClouds[cloud].graphHost;
}
