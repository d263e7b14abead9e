-- Argo CD's health of a DistillationJob, by its kstatus conditions (docs/gitops.md). Lua 5.1.
local function condition(type)
  for _, condition in ipairs(obj.status.conditions) do
    if condition.type == type and condition.status == "True" then
      return condition
    end
  end
end

if obj.status == nil or obj.status.conditions == nil then
  return { status = "Progressing", message = "the operator has not looked at it yet" }
end
if obj.status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "the operator has not looked at this spec yet" }
end
-- The first that is true decides.
local healths = {
  { "Stalled", "Degraded" },
  { "Suspended", "Suspended" },
  { "Ready", "Healthy" },
  { "Reconciling", "Progressing" },
}
for _, health in ipairs(healths) do
  local holds = condition(health[1])
  if holds then
    return { status = health[2], message = holds.reason .. ": " .. holds.message }
  end
end
return { status = "Progressing", message = "the operator has not said how it stands" }
