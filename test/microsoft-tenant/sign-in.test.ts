import {
	constants,
	createHash,
	createPrivateKey,
	randomUUID,
	sign,
	X509Certificate,
} from 'node:crypto';
import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { rsaCertificate, type RsaCertificate } from './rsa-certificate';

const certificate = rsaCertificate('n8n');

let tenant: MicrosoftTenant;
beforeEach(async () => {
	tenant = await startMicrosoftTenant();
});
afterEach(async () => {
	await tenant.close();
});

async function ask(fields: Record<string, string>, url = tenant.tokenUrl) {
	const answer = await tenant.fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests expect its shape
	return { status: answer.status, body: (await answer.json()) as any };
}

const scope = 'https://graph.microsoft.com/.default';
const grant_type = 'client_credentials';

function toAssertion(
	certificate: RsaCertificate,
	clientId: string,
	claims: Record<string, unknown> = {},
	algorithm: 'PS256' | 'RS256' = 'PS256',
): string {
	const part = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
	const thumbprint = createHash('sha256')
		.update(new X509Certificate(certificate.certificatePem).raw)
		.digest('base64url');
	const now = Math.floor(Date.now() / 1000);
	const text = `${part({ alg: algorithm, typ: 'JWT', 'x5t#S256': thumbprint })}.${part({
		aud: tenant.tokenUrl,
		iss: clientId,
		sub: clientId,
		jti: randomUUID(),
		nbf: now,
		iat: now,
		exp: now + 600,
		...claims,
	})}`;
	const key = createPrivateKey(certificate.keyPem);
	const how =
		algorithm === 'PS256'
			? {
					key,
					padding: constants.RSA_PKCS1_PSS_PADDING,
					saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
				}
			: { key };
	return `${text}.${sign('sha256', Buffer.from(text), how).toString('base64url')}`;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

describe('the token endpoint', () => {
	it('gives a token for a right secret and says with its number what is wrong with another', async () => {
		const { clientId: client_id } = tenant.registerApplication({ secrets: ['right'] });
		const right = await ask({ grant_type, client_id, client_secret: 'right', scope });
		expect(right).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3599 } });
		expect(right.body).not.toHaveProperty('refresh_token');
		const wrong = await ask({ grant_type, client_id, client_secret: 'wrong', scope });
		expect(wrong).toMatchObject({
			status: 401,
			body: { error: 'invalid_client', error_codes: [7000215] },
		});
		expect(wrong.body.error_description).toMatch(
			/^AADSTS7000215: Invalid client secret .* Trace ID: \S+ Correlation ID: \S+ Timestamp: \S+ \S+Z$/,
		);
		expect(tenant.signIn.requests.map(({ refusedWith }) => refusedWith)).toEqual([
			undefined,
			7000215,
		]);
	});

	it.each(['PS256', 'RS256'] as const)('accepts an assertion signed with %s once', async (alg) => {
		const { clientId: client_id } = tenant.registerApplication({
			certificates: [certificate.certificatePem],
		});
		const form = {
			grant_type,
			client_id,
			scope,
			client_assertion_type: assertionType,
			client_assertion: toAssertion(certificate, client_id, {}, alg),
		};
		expect(await ask(form)).toMatchObject({ status: 200 });
		expect(await ask(form)).toMatchObject({ body: { error_codes: [50013] } });
	});

	it('refuses assertions of another key, audience, application or time', async () => {
		const { clientId: client_id } = tenant.registerApplication({
			certificates: [certificate.certificatePem],
		});
		const codeOf = async (client_assertion: string) => {
			const { body } = await ask({
				grant_type,
				client_id,
				scope,
				client_assertion_type: assertionType,
				client_assertion,
			});
			return body.error_codes[0];
		};
		const now = Math.floor(Date.now() / 1000);
		const good = toAssertion(certificate, client_id);
		expect(await codeOf(`${good.slice(0, -8)}AAAAAAAA`)).toBe(700027);
		expect(await codeOf(toAssertion(rsaCertificate('other'), client_id))).toBe(700027);
		expect(await codeOf(toAssertion(certificate, client_id, { aud: 'https://x' }))).toBe(700023);
		expect(await codeOf(toAssertion(certificate, client_id, { sub: 'x' }))).toBe(700021);
		expect(await codeOf(toAssertion(certificate, client_id, { exp: now + 9000 }))).toBe(700024);
		expect(
			await codeOf(toAssertion(certificate, client_id, { nbf: now - 900, exp: now - 400 })),
		).toBe(700024);
		expect(await codeOf('not a token')).toBe(50027);
	});

	it('wants one resource, with .default, and the right tenant', async () => {
		const { clientId: client_id } = tenant.registerApplication({ secrets: ['s'] });
		const codeOf = async (wanted: string, url?: string) =>
			(await ask({ grant_type, client_id, client_secret: 's', scope: wanted }, url)).body
				.error_codes[0];
		expect(await codeOf('https://graph.microsoft.com/Mail.Read')).toBe(1002012);
		expect(await codeOf(`${scope} https://outlook.office365.com/.default`)).toBe(700022);
		expect(await codeOf('https://graph.microsoft.us/.default')).toBe(500011);
		expect(await codeOf('')).toBe(900144);
		const at = (name: string) => `${tenant.url}/${name}/oauth2/v2.0/token`;
		expect(await codeOf(scope, at(randomUUID()))).toBe(90002);
		expect(await codeOf(scope, at('nonsense'))).toBe(900023);
		expect(await codeOf(scope, at('common'))).toBe(90130);
	});

	it('signs a user in by password, and locks after ten wrong ones', async () => {
		tenant.addUser('anna@contoso.example', { password: 'right' });
		tenant.addUser('sales@contoso.example', { mailbox: 'shared' });
		const { clientId: client_id } = tenant.registerApplication({
			secrets: ['s'],
			delegatedPermissions: ['Mail.ReadWrite', 'IMAP.AccessAsUser.All'],
		});
		const as = async (username: string, password: string) =>
			await ask({
				grant_type: 'password',
				client_id,
				client_secret: 's',
				username,
				password,
				scope: `${scope} offline_access`,
			});
		const { body } = await as('anna@contoso.example', 'right');
		expect(body).toMatchObject({ scope: 'Mail.ReadWrite', refresh_token: expect.any(String) });
		expect((await as('nobody@contoso.example', 'x')).body.error_codes).toEqual([50034]);
		expect((await as('sales@contoso.example', 'x')).body.error_codes).toEqual([50057]);
		for (let wrong = 0; wrong < 10; wrong++) {
			expect((await as('anna@contoso.example', 'x')).body.error_codes).toEqual([50126]);
		}
		expect((await as('anna@contoso.example', 'right')).body.error_codes).toEqual([50053]);
	});

	it('rotates refresh tokens, and ends them when sessions are revoked', async () => {
		tenant.addUser('anna@contoso.example', { password: 'p' });
		const { clientId: client_id } = tenant.registerApplication({
			secrets: ['s'],
			delegatedPermissions: ['Mail.Read'],
		});
		tenant.signIn.refreshTokensAreSingleUse = true;
		const client = { client_id, client_secret: 's' };
		const first = await ask({
			...client,
			grant_type: 'password',
			username: 'anna@contoso.example',
			password: 'p',
			scope: 'https://graph.microsoft.com/Mail.Read offline_access',
		});
		const renew = async (refresh_token: string) =>
			await ask({ ...client, grant_type: 'refresh_token', refresh_token });
		const second = await renew(first.body.refresh_token);
		expect(second.status).toBe(200);
		expect((await renew(first.body.refresh_token)).body.error_codes).toEqual([70008]);
		tenant.tokens.revokeAll();
		expect((await renew(second.body.refresh_token)).body).toMatchObject({
			error: 'invalid_grant',
			error_codes: [50173],
		});
	});

	it('refuses with any number of its table on command', async () => {
		const { clientId: client_id } = tenant.registerApplication({ secrets: ['s'] });
		tenant.signIn.refuseNext(50196, 53003);
		const codes = [];
		for (let time = 0; time < 3; time++) {
			const { body } = await ask({ grant_type, client_id, client_secret: 's', scope });
			codes.push(body.error_codes?.[0]);
		}
		expect(codes).toEqual([50196, 53003, undefined]);
	});
});
