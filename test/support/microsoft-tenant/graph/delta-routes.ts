import { json, type Answer } from '../http/answer';
import type { Change } from '../mailbox/delta-log';
import { folderOf, type GraphCall, type Route } from './call';
import type { DeltaQuery, DeltaState, DeltaTokens } from './delta-token';
import { badRequest, GraphError } from './graph-error';
import { idOf, toMessageJson } from './message-json';
import { selectOf } from './message-routes';
import { pageSize } from './page';

/** A filter by date caps a round: https://learn.microsoft.com/graph/api/message-delta. */
const MAX_FILTERED = 5000;

export function createDeltaRoutes(tokens: DeltaTokens): readonly Route[] {
	const inFolder = (call: GraphCall) => answer(call, tokens);
	const inMailbox = () => {
		throw badRequest("Change tracking is not supported against 'microsoft.graph.message'.");
	};
	return ['delta', 'delta()'].flatMap((name) => [
		{
			method: 'GET',
			pattern: `mailFolders/:folder/messages/${name}`,
			right: 'read' as const,
			handle: inFolder,
		},
		{ method: 'GET', pattern: `messages/${name}`, right: 'read' as const, handle: inMailbox },
	]);
}

function answer(call: GraphCall, tokens: DeltaTokens): Answer {
	const state = readState(call, tokens);
	const { query } = state;
	const changes = state.left ?? changesSince(state);
	const size = pageSize(call);
	const isEmpty = state.emptyPages > 0 && changes.length > 0;
	const told = isEmpty ? [] : changes.slice(0, size);
	const left = isEmpty ? changes : changes.slice(size);
	const repeated = tokens.repeatsItems && left.length > 0 ? told.slice(-1) : [];
	// The next round begins where this one began: what happens meanwhile is told then, perhaps a second time.
	const position = state.left === undefined ? query.folder.changes.position : state.position;
	const isOver = left.length === 0;
	const next = tokens.give({
		query,
		position,
		left: isOver ? undefined : [...repeated, ...left],
		emptyPages: isEmpty ? state.emptyPages - 1 : tokens.emptyPages,
	});
	const link = `${call.base}/mailFolders('${encodeURIComponent(call.ids.folder ?? '')}')/messages/delta`;
	return json(200, {
		'@odata.context': `${new URL(call.base).origin}/v1.0/$metadata#Collection(microsoft.graph.message)`,
		value: told.map((change) => toItem(change, call, query)),
		...(isOver
			? { '@odata.deltaLink': `${link}?$deltatoken=${next}` }
			: { '@odata.nextLink': `${link}?$skiptoken=${next}` }),
	});
}

function readState(call: GraphCall, tokens: DeltaTokens): DeltaState {
	const { query } = call.request;
	const token = query.get('$skiptoken') ?? query.get('$deltatoken');
	const folder = folderOf(call);
	if (token === null || token === '') {
		const first = readQuery(call);
		return {
			query: first,
			position: folder.changes.position,
			left: initial(first),
			emptyPages: tokens.emptyPages,
		};
	}
	const state = tokens.find(token);
	if (state === 'expired') throw expired(call, tokens);
	if (state === undefined || state.query.folder !== folder) {
		throw badRequest('Badly formed token.');
	}
	return state;
}

function readQuery(call: GraphCall): DeltaQuery {
	const { query } = call.request;
	if (query.get('$search') !== null) throw badRequest('$search is not supported with delta.');
	const filter = query.get('$filter');
	const date = /^receivedDateTime\s+(?:ge|gt)\s+(\S+)$/.exec(filter ?? '')?.[1];
	if (filter !== null && Number.isNaN(Date.parse(date ?? ''))) {
		throw badRequest('The only filters that delta supports are receivedDateTime ge and gt.');
	}
	return {
		folder: folderOf(call),
		select: selectOf(call),
		changeType: query.get('changeType') ?? undefined,
		receivedFromMs: date === undefined ? undefined : Date.parse(date),
	};
}

/** The first round: what is in the folder, in no order that a client could rely on. */
function initial({ folder, receivedFromMs, changeType }: DeltaQuery): Change[] {
	if (changeType === 'deleted') return [];
	const present = folder.changes.since(0).filter(({ kind }) => kind !== 'removed');
	const inTime = present.filter(({ message }) => isInTime(message.receivedMs, receivedFromMs));
	const mixed = [
		...inTime.filter((_, at) => at % 2 === 1),
		...inTime.filter((_, at) => at % 2 === 0),
	];
	return receivedFromMs === undefined ? mixed : mixed.slice(0, MAX_FILTERED);
}

/** Removals and read marks come through whatever was asked for: facts, "Delta". */
function changesSince({ query, position }: DeltaState): Change[] {
	return query.folder.changes.since(position).filter((change) => {
		if (change.kind === 'removed' || change.kind === 'read') return true;
		const isWanted = query.changeType === undefined || query.changeType === change.kind;
		return isWanted && isInTime(change.message.receivedMs, query.receivedFromMs);
	});
}

function isInTime(receivedMs: number, fromMs: number | undefined): boolean {
	return fromMs === undefined || Math.floor(receivedMs / 1000) * 1000 >= fromMs;
}

function toItem(change: Change, call: GraphCall, query: DeltaQuery): Record<string, unknown> {
	const type = { '@odata.type': '#microsoft.graph.message' };
	if (change.kind === 'removed') {
		return { ...type, id: idOf(change, call.preferences), '@removed': { reason: 'deleted' } };
	}
	const { message } = change;
	if (message.folder !== query.folder) {
		return { ...type, id: idOf(message, call.preferences), '@removed': { reason: 'deleted' } };
	}
	return change.kind === 'read'
		? { ...type, ...toMessageJson(message, call.preferences, ['isRead']) }
		: { ...type, ...toMessageJson(message, call.preferences, query.select) };
}

/** Three ways in which Graph says that a token is too old. */
function expired(call: GraphCall, { expiredAnswer }: DeltaTokens): GraphError {
	if (expiredAnswer === 'syncStateNotFound') {
		return new GraphError(404, 'syncStateNotFound', 'The sync state was not found.');
	}
	if (expiredAnswer === 'resyncRequired') {
		const folder = encodeURIComponent(call.ids.folder ?? '');
		return new GraphError(
			410,
			'resyncRequired',
			"Resync required. Replace any local items with the server's version.",
			{
				location: `${call.base}/mailFolders('${folder}')/messages/delta?$deltatoken=`,
			},
		);
	}
	return new GraphError(
		410,
		'SyncStateNotFound',
		'The sync state generation is not found; try again with a full sync.',
	);
}
