/**
 * A job carried out in a cluster: what the API server tells goes in, decisions are made elsewhere,
 * and what they ask for goes out, by server-side apply.
 */
package dev.alambic.operator.controller;
