import type { TlsPolicy } from '../../../mail/connector';
import { isMailError, type MailError } from '../../../mail/errors';
import { createMicrosoftTokens, type SignInProof, TokenStore } from '../../../mail/microsoft';
import { Secret } from '../../../mail/secret';
import {
	type CertificateOptions,
	pfxEncryptions,
	signedCertificate,
	toPfxBase64,
} from '../../support/certificate';
import type { Application } from '../../support/microsoft-tenant/directory/application';
import { CUT, html, redirect } from '../../support/microsoft-tenant/http/answer';
import { throttled, unavailable } from '../../support/microsoft-tenant/http/fault';
import { type MicrosoftTenant, startMicrosoftTenant } from '../../support/microsoft-tenant/tenant';

jest.setTimeout(60_000);

const MINUTE = 60_000;
const PASSWORD = 'pfx password';
const SECRET = 'the-secret-value~of-the-app';

let now: number;
let tenant: MicrosoftTenant;
let application: Application;
let store: TokenStore;

beforeEach(async () => {
	// Certificates are valid from the moment on in which the test makes them.
	now = Date.now() + 5 * MINUTE;
	tenant = await startMicrosoftTenant({ now: () => now });
	application = tenant.registerApplication({
		secrets: [SECRET],
		appPermissions: ['Mail.Read', 'IMAP.AccessAsApp'],
		certificates: [(await rsa()).certificatePem],
	});
	store = new TokenStore(() => now);
});
afterEach(async () => await tenant.close());

const rsa = async (options: CertificateOptions = {}) =>
	await signedCertificate({ names: ['n8n.example.com'], key: 'rsa', ...options });

async function certificateProof(
	options: CertificateOptions = {},
	encryption: readonly string[] = [],
): Promise<SignInProof> {
	const pfx = await toPfxBase64(await rsa(options), PASSWORD, { encryption });
	return {
		kind: 'certificate',
		certificate: { pfxBase64: new Secret(pfx), passphrase: new Secret(PASSWORD) },
	};
}

const secretProof = (secret = SECRET): SignInProof => ({
	kind: 'secret',
	secret: new Secret(secret),
});

interface Changes {
	readonly tenant?: string;
	readonly clientId?: string;
	readonly scope?: string;
	readonly loginHost?: string;
	readonly tls?: Partial<TlsPolicy>;
}

function tokens(proof: SignInProof, changes: Changes = {}) {
	return createMicrosoftTokens(
		{
			loginHost: new URL(tenant.url).host,
			tenant: tenant.directory.tenantId,
			clientId: application.clientId,
			scope: 'https://graph.microsoft.com/.default',
			proof,
			...changes,
		},
		{
			tls: {
				caPem: tenant.authorityPem,
				minVersion: 'TLSv1.2',
				allowUntrusted: false,
				...changes.tls,
			},
			timeoutMs: 5_000,
		},
		{ store, now: () => now },
	);
}

async function fault(work: Promise<unknown>): Promise<MailError> {
	const error = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!isMailError(error)) throw new Error(`expected a MailError, got ${String(error)}`);
	return error;
}

const asked = () => tenant.signIn.requests.length;

describe('an app that signs in', () => {
	it.each(Object.entries(pfxEncryptions).filter(([name]) => name !== 'withoutMac'))(
		'by certificate gets a token, its assertion verified: %s file',
		async (_name, encryption) => {
			const proof = await certificateProof({}, encryption);
			const { token, expiresAt } = await tokens(proof).get();
			expect(token.reveal()).toMatch(/^[!-~]+$/);
			expect(expiresAt).toBe(now + tenant.tokens.lifetimeSeconds * 1_000);
			expect(tenant.signIn.requests).toEqual([
				expect.objectContaining({ grant: 'client_credentials', refusedWith: undefined }),
			]);
		},
	);

	it('by secret gets a token for another service too', async () => {
		const scope = 'https://outlook.office365.com/.default';
		const [graph, outlook] = await Promise.all([
			tokens(secretProof()).get(),
			tokens(secretProof(), { scope }).get(),
		]);
		expect(graph.token.reveal()).not.toBe(outlook.token.reveal());
		expect(tenant.signIn.requests.map((request) => request.scope).sort()).toEqual([
			'https://graph.microsoft.com/.default',
			scope,
		]);
	});

	it('asks once, however many want a token at the same time or soon after', async () => {
		const proof = await certificateProof();
		const given = await Promise.all([1, 2, 3].map(async () => await tokens(proof).get()));
		given.push(await tokens(proof).get());
		expect(new Set(given.map(({ token }) => token.reveal())).size).toBe(1);
		expect(asked()).toBe(1);
	});

	it('renews a token five minutes before it ends', async () => {
		const source = tokens(secretProof());
		const first = await source.get();
		const lifetime = tenant.tokens.lifetimeSeconds * 1_000;
		now += lifetime - 5 * MINUTE - 1;
		expect(await source.get()).toBe(first);
		now += 2;
		expect((await source.get()).token.reveal()).not.toBe(first.token.reveal());
		expect(asked()).toBe(2);
	});

	it('does not ask all the time where tokens live for a minute', async () => {
		tenant.tokens.lifetimeSeconds = 60;
		const source = tokens(secretProof());
		await source.get();
		now += 20_000;
		await source.get();
		expect(asked()).toBe(1);
		now += 15_000;
		await source.get();
		expect(asked()).toBe(2);
	});

	it('goes on with its token for as long as it lives while the service is down', async () => {
		const source = tokens(secretProof());
		const first = await source.get();
		now = (first.expiresAt ?? 0) - MINUTE;
		tenant.faults.add({ url: /oauth2/, answer: unavailable(503, 7), times: 2 });
		expect(await source.get()).toBe(first);
		now += MINUTE;
		expect(await fault(source.get())).toMatchObject({
			code: 'server.unavailable',
			retryAfterMs: 7_000,
		});
	});

	it('replaces a token that a server has refused, but not one that is a minute old', async () => {
		const source = tokens(secretProof());
		const first = await source.get();
		source.discard(first.token);
		expect(await source.get()).toBe(first);
		now += MINUTE;
		source.discard(new Secret('another'));
		expect(await source.get()).toBe(first);
		source.discard(first.token);
		expect((await source.get()).token.reveal()).not.toBe(first.token.reveal());
		expect(asked()).toBe(2);
	});

	it('gives nobody the token of another proof', async () => {
		const keys = [
			secretProof(),
			secretProof('wrong'),
			await certificateProof(),
			{ kind: 'password', user: 'a@example.com', password: new Secret('x') } as const,
			{ kind: 'password', user: 'a@example.com', password: new Secret('y') } as const,
		].map((proof) => tokens(proof).key);
		expect(new Set(keys).size).toBe(keys.length);
		expect(tokens(secretProof()).key).toBe(keys[0]);
		expect(keys.join()).not.toContain(SECRET);
		await tokens(secretProof()).get();
		expect(await fault(tokens(secretProof('wrong')).get())).toMatchObject({
			serverCode: 'AADSTS7000215',
		});
	});

	it('stops waiting when it is told to', async () => {
		const stop = new AbortController();
		stop.abort();
		expect(await fault(tokens(secretProof()).get(stop.signal))).toMatchObject({
			code: 'connection.lost',
		});
	});
});

describe('a certificate that cannot sign in an app', () => {
	it.each<[string, CertificateOptions, string]>([
		['expired', { expired: true }, 'the certificate has expired'],
		['not valid yet', { notYetValid: true }, 'the certificate is not valid yet'],
		['on an elliptic curve', { key: 'ec' }, 'elliptic-curve key'],
	])('is told before Microsoft is asked: %s', async (_name, options, words) => {
		const error = await fault(tokens(await certificateProof(options)).get());
		expect(error).toMatchObject({ code: 'auth.certificate' });
		expect(error.message).toContain(words);
		expect(asked()).toBe(0);
	});

	it('is told by Microsoft where the app does not know it', async () => {
		const error = await fault(
			tokens(await certificateProof({ names: ['other.example.com'] })).get(),
		);
		expect(error).toMatchObject({
			code: 'auth.certificate',
			title: 'Microsoft does not know the certificate',
			serverCode: 'AADSTS700027',
		});
	});

	it('is told apart from a wrong clock', async () => {
		const proof = await certificateProof();
		const source = createMicrosoftTokens(
			{
				loginHost: new URL(tenant.url).host,
				tenant: tenant.directory.tenantId,
				clientId: application.clientId,
				scope: 'https://graph.microsoft.com/.default',
				proof,
			},
			{
				tls: { caPem: tenant.authorityPem, minVersion: 'TLSv1.2', allowUntrusted: false },
				timeoutMs: 5_000,
			},
			{ store, now: () => now + 3 * 60 * MINUTE },
		);
		expect(await fault(source.get())).toMatchObject({
			title: 'The clock of the n8n host is wrong',
			serverCode: 'AADSTS700024',
		});
	});
});

describe('an account that signs in with its password', () => {
	const ACCOUNT = 'anna@contoso.example';
	const account = (password: string, secret?: string): SignInProof => ({
		kind: 'password',
		user: ACCOUNT,
		password: new Secret(password),
		secret: secret === undefined ? undefined : new Secret(secret),
	});

	beforeEach(() => {
		tenant.addUser(ACCOUNT, { password: 'right password' });
		application.delegatedPermissions = ['Mail.Read'];
	});

	it('gets a token', async () => {
		expect((await tokens(account('right password', SECRET)).get()).token.isEmpty).toBe(false);
		expect(tenant.signIn.requests[0]).toMatchObject({ grant: 'password' });
	});

	it('tries a wrong password once, and then not for five minutes', async () => {
		const source = tokens(account('wrong password', SECRET));
		const first = await fault(source.get());
		expect(first).toMatchObject({ serverCode: 'AADSTS50126', retryAfterMs: 5 * MINUTE });
		expect(first.remedy).toMatch(/No sign-in is tried for the next 5 minutes\.$/);
		now += 4 * MINUTE;
		const second = await fault(source.get());
		expect(second.remedy).toMatch(/No sign-in is tried for the next 60 seconds\.$/);
		expect(asked()).toBe(1);
		now += MINUTE;
		await fault(source.get());
		expect(asked()).toBe(2);
		expect(first.message + first.remedy).not.toContain('wrong password');
	});
});

describe('a refused sign-in', () => {
	it.each([
		[50053, 'auth.locked', 15 * MINUTE],
		[50196, 'auth.locked', 15 * MINUTE],
		[700016, 'auth.rejected', 30_000],
		[65001, 'auth.permission', 30_000],
	])('AADSTS%d is not repeated before its time', async (number, code, pauseMs) => {
		tenant.signIn.refuseAll = number;
		const source = tokens(secretProof());
		expect(await fault(source.get())).toMatchObject({ code, retryAfterMs: pauseMs });
		now += pauseMs - 1;
		expect(await fault(source.get())).toMatchObject({ code, retryAfterMs: 1 });
		expect(asked()).toBe(1);
		tenant.signIn.refuseAll = undefined;
		now += 1;
		await expect(source.get()).resolves.toMatchObject({ expiresAt: expect.any(Number) });
	});

	it.each(['common', 'organizations', 'a/b', '', 'x y.z'])(
		'names a tenant that cannot be one, and asks nobody: %p',
		async (name) => {
			const error = await fault(tokens(secretProof(), { tenant: name }).get());
			expect(error).toMatchObject({ code: 'settings.invalid' });
			expect(error.message).toContain('Tenant');
			expect(asked()).toBe(0);
		},
	);

	it('waits as long as Microsoft asks for', async () => {
		tenant.faults.add({ url: /oauth2/, answer: throttled(90) });
		const source = tokens(secretProof());
		expect(await fault(source.get())).toMatchObject({
			code: 'server.throttled',
			retryable: true,
			retryAfterMs: 90_000,
		});
		now += 89_999;
		await fault(source.get());
		now += 1;
		await expect(source.get()).resolves.toBeDefined();
		expect(asked()).toBe(1);
	});

	it('follows no redirect, and says that the answer is none of Microsoft', async () => {
		tenant.faults.add({ url: /oauth2/, answer: redirect(`${tenant.strangerUrl}/token`, 307) });
		const error = await fault(tokens(secretProof()).get());
		expect(error).toMatchObject({ code: 'server.protocol' });
		expect(tenant.requests.all.map(({ host }) => host)).toEqual(['main']);
	});

	it('shows nothing of the page of a gateway', async () => {
		tenant.faults.add({ url: /oauth2/, answer: html(403, '<h1>Blocked by proxy</h1>') });
		const error = await fault(tokens(secretProof()).get());
		expect(error.message).toMatch(/The server said: HTTP 403$/);
	});

	it('may be tried again soon where the connection broke', async () => {
		tenant.faults.add({ url: /oauth2/, answer: CUT });
		const source = tokens(secretProof());
		expect(await fault(source.get())).toMatchObject({ code: 'connection.lost', retryable: true });
		now += 3_000;
		await expect(source.get()).resolves.toBeDefined();
	});

	it('names a tenant that Microsoft does not know', async () => {
		const error = await fault(tokens(secretProof(), { tenant: 'nobody.example' }).get());
		expect(error).toMatchObject({ serverCode: 'AADSTS90002' });
	});

	it('gives no secret to a host whose certificate is not trusted, whatever the connector allows', async () => {
		const tls = { caPem: undefined, allowUntrusted: true };
		const error = await fault(tokens(secretProof(), { tls }).get());
		expect(error.code).toBe('tls.untrusted');
		expect(asked()).toBe(0);
	});
});
