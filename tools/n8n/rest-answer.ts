import { z } from 'zod';

/** What n8n 2.41 answers, as far as it is used here. Further fields are ignored. */

export const created = z.object({ id: z.string() });

export const testResult = z.object({ status: z.enum(['OK', 'Error']), message: z.string() });
export type CredentialTestResult = z.infer<typeof testResult>;

export const savedWorkflow = z.object({
	id: z.string(),
	versionId: z.string(),
	active: z.boolean(),
});
export type SavedWorkflow = z.infer<typeof savedWorkflow>;

const triggerStatus = z.object({
	nodeId: z.string(),
	status: z.string(),
	errorMessage: z.string().nullable(),
});

/** `published` when all triggers run. */
export const publication = z.object({ status: z.string(), triggers: z.array(triggerStatus) });
export type Publication = z.infer<typeof publication>;

export const executionSummary = z.object({
	id: z.string(),
	workflowId: z.string(),
	mode: z.string(),
	status: z.string(),
});
export type ExecutionSummary = z.infer<typeof executionSummary>;

export const executionPage = z.object({ results: z.array(executionSummary) });

export const storedExecution = executionSummary.extend({ data: z.string() });

export const startedRun = z.object({ executionId: z.string() });

export const activationError = z.string().nullable();

export const listedResources = z.object({
	results: z.array(z.object({ name: z.string(), value: z.string() })),
});

const icon = z.union([z.string(), z.object({ light: z.string(), dark: z.string() })]);

export const nodeType = z.looseObject({
	name: z.string(),
	displayName: z.string(),
	iconUrl: icon.optional(),
	codex: z.object({ categories: z.array(z.string()).optional() }).optional(),
});
export type NodeType = z.infer<typeof nodeType>;

export const credentialType = z.looseObject({
	name: z.string(),
	displayName: z.string(),
	iconUrl: icon.optional(),
	supportedNodes: z.array(z.string()).optional(),
});
export type CredentialType = z.infer<typeof credentialType>;
