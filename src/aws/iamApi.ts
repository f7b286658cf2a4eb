// What is used of this service, as a module of its own: loaded at first use, and the rest of the SDK left out.
export { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
