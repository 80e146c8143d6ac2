import type { Connector, GraphAccount } from '../../mail/connector';
import type { SignInProof } from '../../mail/microsoft';
import { Secret } from '../../mail/secret';
import { toConnector } from './connector';
import { type ConnectorProfile, toSendingProfile } from './connector-profile';
import { createGraphAccount, toGraphHosts } from './graph-account';
import {
	type GraphConnectorData,
	parseGraphData,
	requireGraphField as required,
} from './graph-connector-data';

/**
 * Reads the decrypted data of a `microsoftGraphMailApi` credential. Opens no connection. Throws MailError `settings.invalid`
 * that names the field as the UI does.
 *
 * @param name what the user calls it; default: the primary address
 */
export function toGraphConnector(data: unknown, name?: string): Connector {
	const fields = parseGraphData(data);
	const { loginHost, graphHost, scope } = toGraphHosts(fields, required);
	const connector = toConnector(toCommonData(data, fields), name);
	const account = createGraphAccount(
		{
			loginHost,
			scope,
			tenant: required('tenant', fields.tenant),
			clientId: required('clientId', fields.clientId),
			proof: toProof(fields),
		},
		{ graphHost, mailbox: required('mailbox', fields.mailbox) },
		connector,
	);
	return withGraphAccount(connector, account, fields.useFor);
}

/** The connector whose mail goes by the account, as far as it is for that. */
export function withGraphAccount(
	connector: Connector,
	account: GraphAccount,
	useFor: GraphConnectorData['useFor'],
): Connector {
	return {
		...connector,
		incoming: useFor === 'outgoing' ? undefined : account,
		outgoing: useFor === 'incoming' ? undefined : account,
		testAddress: useFor === 'incoming' ? undefined : connector.testAddress,
	};
}

/** See `toSendingProfile`. */
export function toGraphProfile(data: unknown, name?: string): ConnectorProfile {
	const fields = parseGraphData(data);
	return toSendingProfile({ ...toCommonData(data, fields), useFor: fields.useFor }, name);
}

/** As the fields of an `smtpImapApi` that sends without signing in: identity, limits and TLS are the same. */
export function toCommonData(
	data: unknown,
	fields: Pick<GraphConnectorData, 'mailbox'>,
): Readonly<Record<string, unknown>> {
	const given: Readonly<Record<string, unknown>> =
		typeof data === 'object' && data !== null ? { ...data } : {};
	return {
		...given,
		emailService: 'other',
		useFor: 'outgoing',
		authentication: 'none',
		clientCertificate: false,
		pinnedFingerprint: undefined,
		allowUntrusted: false,
		outgoingHost: 'graph.microsoft.com',
		primaryAddress: given['primaryAddress'] || fields.mailbox,
	};
}

function toProof(fields: GraphConnectorData): SignInProof {
	const secret = fields.clientSecret === undefined ? undefined : new Secret(fields.clientSecret);
	if (fields.signIn === 'clientSecret') {
		return {
			kind: 'secret',
			secret: secret ?? new Secret(required('clientSecret', fields.clientSecret)),
		};
	}
	return {
		kind: 'password',
		user: required('user', fields.user),
		password: new Secret(required('password', fields.password)),
		secret,
	};
}
