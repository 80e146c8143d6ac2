import type { Directory } from '../directory/directory';
import type { User } from '../directory/user';
import { json, noContent, type Answer } from '../http/answer';
import { splitPath, type ReceivedRequest } from '../http/request';
import type { AccessToken } from '../sign-in/token-store';
import { readJson } from './call';
import { GraphError, itemNotFound } from './graph-error';
import { toDateTime } from './message-json';
import { requireRight } from './permission';
import { renewalShape, Subscription, subscriptionShape, type ChangeKind } from './subscription';
import { readShape } from './write-shape';

/** https://learn.microsoft.com/graph/change-notifications-delivery-webhooks: "within 10 seconds". */
const PATIENCE_MS = 10_000;

/** `/subscriptions`: who is told of new mail. Notifications are a wake-up; they may be lost, repeated or late. */
export class SubscriptionService {
	readonly active: Subscription[] = [];
	/** Those that were not answered with 2xx. */
	readonly undelivered: string[] = [];
	/** With the trust in the tenant's own authority. Set when the tenant starts. */
	fetch: typeof fetch = fetch;
	private readonly running = new Set<Promise<void>>();

	constructor(
		private readonly directory: Directory,
		private readonly now: () => number,
	) {}

	/** `path` is what comes after `subscriptions`. */
	async answer(
		request: ReceivedRequest,
		path: readonly string[],
		token: AccessToken,
	): Promise<Answer> {
		const [id, action] = path;
		if (id === undefined) {
			if (request.method === 'POST') return await this.create(request, token);
			return json(200, { value: this.of(token).map((each) => each.toJson()) });
		}
		const subscription = this.of(token).find((each) => each.id === id);
		if (subscription === undefined) throw itemNotFound();
		if (action === 'reauthorize') return noContent;
		if (request.method === 'DELETE') {
			this.active.splice(this.active.indexOf(subscription), 1);
			return noContent;
		}
		if (request.method === 'PATCH') {
			this.renew(subscription, readShape(renewalShape, readJson(request)).expirationDateTime);
		}
		return json(200, subscription.toJson());
	}

	/** Tells all, as Microsoft does when it lost notifications or wants a new sign-in. */
	async tellLifecycle(event: 'missed' | 'subscriptionRemoved' | 'reauthorizationRequired') {
		for (const each of this.active) {
			const url = each.said.lifecycleNotificationUrl;
			if (url !== undefined) await this.post(url, { ...toNotice(each), lifecycleEvent: event });
		}
		if (event === 'subscriptionRemoved') this.active.length = 0;
	}

	/** Resolves when every notification of until now has been answered. */
	async settle(): Promise<void> {
		await Promise.all(this.running);
	}

	private async create(request: ReceivedRequest, token: AccessToken): Promise<Answer> {
		const said = readShape(subscriptionShape, readJson(request));
		const { owner, folderId } = this.readResource(said.resource, token);
		requireRight(token, 'read', owner);
		const { mailbox } = owner;
		const folder = folderId === undefined ? undefined : mailbox?.findFolder(folderId);
		if (mailbox === undefined || (folderId !== undefined && folder === undefined)) {
			throw itemNotFound();
		}
		const subscription = new Subscription(said, token.application.clientId, mailbox, folder);
		this.renew(subscription, said.expirationDateTime);
		await this.validate(said.notificationUrl);
		this.active.push(subscription);
		mailbox.listen((kind, message, where) => {
			if (folder === undefined || folder === where) {
				this.tell(subscription, kind, `Users/${owner.id}/Messages/${message.plainId}`);
			}
		});
		return json(201, subscription.toJson());
	}

	private renew(subscription: Subscription, expirationDateTime: string): void {
		if (!subscription.renew(expirationDateTime, this.now())) {
			throw new GraphError(
				400,
				'InvalidRequest',
				'Subscription expiration can only be 10080 minutes in the future.',
			);
		}
	}

	/** The handshake: the decoded token must come back, as plain text. */
	private async validate(url: string): Promise<void> {
		const token = 'Validation: a token / with + signs & more';
		const target = new URL(url);
		target.searchParams.set('validationToken', token);
		const text = await this.fetch(target, {
			method: 'POST',
			signal: AbortSignal.timeout(PATIENCE_MS),
		})
			.then(async (answer) => (answer.status === 200 ? await answer.text() : undefined))
			.catch(() => undefined);
		if (text !== token) {
			throw new GraphError(
				400,
				'ValidationError',
				'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.',
			);
		}
	}

	private tell(subscription: Subscription, kind: ChangeKind, resource: string): void {
		const isAlive = this.active.includes(subscription) && subscription.expiresAtMs > this.now();
		if (!isAlive || !subscription.said.changeType.includes(kind)) return;
		const told = this.post(subscription.said.notificationUrl, {
			...toNotice(subscription),
			changeType: kind,
			resource,
			resourceData: { '@odata.type': '#Microsoft.Graph.Message', '@odata.id': resource },
		});
		this.running.add(told);
		void told.finally(() => this.running.delete(told));
	}

	private async post(url: string, notice: Record<string, unknown>): Promise<void> {
		const isTaken = await this.fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ value: [{ ...notice, tenantId: this.directory.tenantId }] }),
			signal: AbortSignal.timeout(PATIENCE_MS),
		})
			.then((answer) => answer.ok)
			.catch(() => false);
		if (!isTaken) this.undelivered.push(url);
	}

	private of(token: AccessToken): Subscription[] {
		return this.active.filter((each) => each.applicationId === token.application.clientId);
	}

	/** `me/mailFolders('inbox')/messages`, `/users/{id}/messages` … */
	private readResource(resource: string, token: AccessToken): { owner: User; folderId?: string } {
		const path = splitPath(resource);
		const rest = path[0] === 'me' ? path.slice(1) : path.slice(2);
		const owner = path[0] === 'me' ? token.user : this.directory.findUser(path[1] ?? '');
		if (owner === undefined) throw itemNotFound();
		const [place, folderId] = rest;
		if (rest.join('/') === 'messages') return { owner };
		if (place === 'mailFolders' && rest[2] === 'messages') return { owner, folderId };
		throw new GraphError(400, 'InvalidRequest', `Resource '${resource}' is not supported.`);
	}
}

function toNotice(subscription: Subscription): Record<string, unknown> {
	return {
		subscriptionId: subscription.id,
		subscriptionExpirationDateTime: toDateTime(subscription.expiresAtMs),
		clientState: subscription.said.clientState ?? null,
	};
}
