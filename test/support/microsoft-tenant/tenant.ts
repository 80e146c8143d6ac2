import { certificateAuthority } from '../certificate';
import type { Application, ApplicationSettings } from './directory/application';
import { Description } from './description/description';
import { Directory } from './directory/directory';
import type { User, UserSettings } from './directory/user';
import { attachmentRoutes } from './graph/attachment-routes';
import { Concurrency } from './graph/concurrency';
import { createDeltaRoutes } from './graph/delta-routes';
import { DeltaTokens } from './graph/delta-token';
import { folderRoutes } from './graph/folder-routes';
import { GraphService } from './graph/graph-service';
import { messageRoutes } from './graph/message-routes';
import { RouteTable } from './graph/route-table';
import { createReplyRoutes } from './graph/reply-routes';
import { createSendRoutes } from './graph/send-routes';
import { Submission, type SendLimits } from './graph/submission';
import { SubscriptionService } from './graph/subscription-service';
import { createUploadRoutes } from './graph/upload-routes';
import { UploadService } from './graph/upload-service';
import { FaultList } from './http/fault';
import { listen, type Listener } from './http/listener';
import { trustingFetch } from './http/trusting-fetch';
import { Mailbox } from './mailbox/mailbox';
import { Transport } from './mailbox/transport';
import { RequestLog } from './request-log';
import { CodeStore } from './sign-in/code-store';
import { ConsentPage } from './sign-in/consent-page';
import { belongsTo, type Audience } from './sign-in/resource';
import { TokenEndpoint } from './sign-in/token-endpoint';
import { TokenStore } from './sign-in/token-store';
import { TenantServer } from './tenant-server';

export interface TenantOptions {
	/** ms since 1970. Default: the machine's clock. */
	readonly now?: () => number;
}

/** A Microsoft 365 tenant in this process: sign-in, Graph's mail API, and the host for large files. See README.md. */
export class MicrosoftTenant {
	readonly directory = new Directory();
	readonly tokens: TokenStore;
	readonly codes = new CodeStore();
	readonly signIn: TokenEndpoint;
	/** The page that a browser sees: `page.consent` says what its user does. */
	readonly page: ConsentPage;
	readonly transport: Transport;
	readonly submission: Submission;
	readonly uploads: UploadService;
	/** Change notifications. */
	readonly subscriptions: SubscriptionService;
	readonly delta = new DeltaTokens();
	readonly concurrency = new Concurrency();
	/** What goes wrong next; see http/fault.ts for answers. Also holds for the token endpoint and for uploads. */
	readonly faults = new FaultList();
	readonly sendLimits: SendLimits = {
		messageBytes: 35 * 1024 * 1024,
		recipients: 500,
		refusedRecipients: new Set(),
	};
	/** Every request to sign-in, Graph, the upload host and the stranger, in order of their answers. */
	readonly requests = new RequestLog();
	/** Compares requests and answers with Microsoft's description, where that is on this machine. */
	readonly description = new Description();
	/** PEM of the authority that a client has to trust. */
	authorityPem = '';
	private readonly now: () => number;
	private readonly listeners: Listener[] = [];
	private origins = { main: '', upload: '', stranger: '' };

	constructor(options: TenantOptions) {
		this.now = options.now ?? Date.now;
		this.tokens = new TokenStore(this.now);
		this.signIn = new TokenEndpoint(this.directory, this.tokens, this.codes, this.now);
		this.page = new ConsentPage(this.directory, this.codes, this.now);
		this.transport = new Transport(this.directory);
		this.submission = new Submission(this.directory, this.transport, this.sendLimits);
		this.uploads = new UploadService(this.now);
		this.subscriptions = new SubscriptionService(this.directory, this.now);
	}

	async start(): Promise<void> {
		this.authorityPem = (await certificateAuthority()).certificatePem;
		const { submission } = this;
		const routes = new RouteTable([
			...folderRoutes,
			...createDeltaRoutes(this.delta),
			...createUploadRoutes(this.uploads),
			...createSendRoutes(submission),
			...createReplyRoutes(submission),
			...messageRoutes,
			...attachmentRoutes,
		]);
		const graph = new GraphService(
			this.directory,
			this.tokens,
			routes,
			this.concurrency,
			this.subscriptions,
			this.now,
		);
		const server = new TenantServer(this, graph);
		const main = await listen(async (request) => await server.answer(request, this.url));
		// Other hosts have another name, as clients recognise a host by its name without its port.
		const upload = await listen(async (request) => await server.upload(request), 'localhost');
		const stranger = await listen(async (request) => await server.stranger(request), 'localhost');
		this.listeners.push(main, upload, stranger);
		this.origins = { main: main.origin, upload: upload.origin, stranger: stranger.origin };
		this.uploads.origin = upload.origin;
		this.subscriptions.fetch = this.fetch;
	}

	/** `https://127.0.0.1:<port>`: takes the place of login.microsoftonline.com and of graph.microsoft.com. */
	get url(): string {
		return this.origins.main;
	}

	/** Takes the place of `https://graph.microsoft.com/v1.0`. */
	get graphUrl(): string {
		return `${this.url}/v1.0`;
	}

	get tokenUrl(): string {
		return `${this.url}/${this.directory.tenantId}/oauth2/v2.0/token`;
	}

	/** For Dovecot's `introspection_url`; see sign-in/introspection.ts. */
	get introspectionUrl(): string {
		return `${this.url}/introspection`;
	}

	get authorizeUrl(): string {
		return `${this.url}/${this.directory.tenantId}/oauth2/v2.0/authorize`;
	}

	/** A host that is none of Microsoft's: no token may ever come here. See `requests`. */
	get strangerUrl(): string {
		return this.origins.stranger;
	}

	addUser(address: string, settings: UserSettings = {}): User {
		const user = this.directory.addUser(address, settings);
		if (settings.mailbox !== 'none') user.mailbox = new Mailbox(address, this.now);
		return user;
	}

	registerApplication(settings: ApplicationSettings = {}): Application {
		return this.directory.addApplication(settings);
	}

	/** Throws where there is none. */
	mailbox(address: string): Mailbox {
		const mailbox = this.directory.findUser(address)?.mailbox;
		if (mailbox === undefined) throw new Error(`The tenant has no mailbox ${address}.`);
		return mailbox;
	}

	/** A token without a token request, with all that has been consented to. */
	tokenFor(application: Application, user?: User, audience: Audience = 'graph'): string {
		const consented =
			user === undefined ? application.appPermissions : application.delegatedPermissions;
		const permissions = consented.filter((each) => belongsTo(each, audience));
		return this.tokens.issue({ audience, application, user, permissions }).value;
	}

	/** A `fetch` that trusts the tenant's certificate. */
	get fetch(): typeof fetch {
		return trustingFetch(this.authorityPem);
	}

	/** Throws where something was asked or answered that is not as Microsoft describes it. */
	async close(): Promise<void> {
		await this.subscriptions.settle();
		await Promise.all(this.listeners.map((listener) => listener.close()));
		this.description.close();
	}
}

export async function startMicrosoftTenant(options: TenantOptions = {}): Promise<MicrosoftTenant> {
	const tenant = new MicrosoftTenant(options);
	await tenant.start();
	return tenant;
}
